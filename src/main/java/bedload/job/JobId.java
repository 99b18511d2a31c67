package bedload.job;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The last part of a job's ARN.
 *
 * @param value twelve of a-z and 0-9, as Bedrock makes them
 */
public record JobId(String value) {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 12;
  private static final Pattern FORM = Pattern.compile("[a-z0-9]{12}");

  public JobId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "A job id is twelve of a-z and 0-9, this is '" + value + "'");
    }
  }

  /** Says whether the text has the form of a job id. */
  public static boolean isValid(String text) {
    return FORM.matcher(text).matches();
  }

  /** Returns a new id; 62 bits of chance, so a clash is left to the primary key of the table. */
  public static JobId random(RandomGenerator random) {
    StringBuilder id = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new JobId(id.toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
