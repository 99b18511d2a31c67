package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.io.IOException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Says what ended a command: the sentence of a fault that the user can mend, what the service that
 * was called answered, and for a fault of bedload itself the stack trace, which nobody could do
 * without.
 */
final class Faults implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception fault, CommandLine line, ParseResult parsed) {
    if (fault instanceof CommandFault expected) {
      line.getErr().println("bedload: " + expected.getMessage());
      return expected.exitCode().number();
    }
    if (fault instanceof SdkException refusal) {
      line.getErr().println("bedload: " + sentence(refusal));
      return exitCode(refusal).number();
    }
    if (fault instanceof IOException trouble) {
      line.getErr().println("bedload: A file or a connection failed: " + trouble);
      return ExitCode.UNAVAILABLE.number();
    }
    LoggerFactory.getLogger(Faults.class)
        .error("{} ended by a fault of bedload", line.getCommandName(), fault);
    line.getErr()
        .println("bedload: this is a fault of bedload itself; please report it with what follows.");
    fault.printStackTrace(line.getErr());
    return ExitCode.BUG.number();
  }

  /** What a service says is one's own fault is a no; all else is a service that is not there. */
  private static ExitCode exitCode(SdkException refusal) {
    return refusal instanceof SdkServiceException service && service.statusCode() < 500
        ? ExitCode.NO
        : ExitCode.UNAVAILABLE;
  }

  /** Returns what a service or the SDK said, for people. */
  static String sentence(SdkException refusal) {
    if (refusal instanceof AwsServiceException service && service.awsErrorDetails() != null) {
      AwsErrorDetails details = service.awsErrorDetails();
      String code = String.valueOf(details.errorCode());
      return "%s (%s)%s"
          .formatted(
              Printable.of(String.valueOf(details.errorMessage())),
              Printable.of(code),
              whatToDo(code));
    }
    String message = String.valueOf(refusal.getMessage());
    if (message.startsWith("Unable to load credentials")) {
      return "No keys are set for the service that $AWS_ENDPOINT_URL_BEDROCK names. In this shell, eval \"$(bedload env)\" sets those of the service on this machine; --data DIR calls it without any.";
    }
    if (message.startsWith("Unable to load region")) {
      return "No region is set for the service that $AWS_ENDPOINT_URL_BEDROCK names. Set $AWS_REGION, such as us-east-1; eval \"$(bedload env)\" sets all of a service on this machine.";
    }
    return "The call failed on this side: " + Printable.of(message);
  }

  /** Returns what mends a refusal, as a sentence more; empty if the refusal says it itself. */
  private static String whatToDo(String code) {
    return switch (code) {
      case "InvalidSignatureException",
          "UnrecognizedClientException",
          "SignatureDoesNotMatch",
          "InvalidAccessKeyId",
          "IncompleteSignatureException",
          "MissingAuthenticationTokenException" ->
          " The keys of this shell are not that service's: eval \"$(bedload env)\" sets those of the service on this machine.";
      case "ResourceNotFoundException" -> " 'bedload jobs' lists the jobs that there are.";
      default -> "";
    };
  }
}
