package bedload.command;

import bedload.job.JobId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads which job is meant, and says at once of what can be none how one is named. */
final class IdentifierText implements ITypeConverter<String> {
  private static final String RESOURCE = ":model-invocation-job/";

  @Override
  public String convert(String text) {
    int slash = text.lastIndexOf('/');
    boolean isArn = text.startsWith("arn:") && text.substring(0, slash + 1).endsWith(RESOURCE);
    if ((slash < 0 || isArn) && JobId.isValid(text.substring(slash + 1))) {
      return text;
    }
    throw new TypeConversionException(
        "'%s' names no job: its ARN is wanted, or the twelve letters and digits at the ARN's end; 'bedload jobs' lists both"
            .formatted(Printable.of(text)));
  }
}
