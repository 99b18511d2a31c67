package bedload.wire;

import java.util.Map;

/**
 * A call that cannot be answered, and the caller is to know why. Thrown anywhere below the door,
 * which alone catches it and writes it in AWS's form. Carries no stack trace: it is an answer, not
 * a defect.
 */
public final class CallFault extends RuntimeException {
  private final AwsError error;

  @SuppressWarnings("serial") // an immutable map of texts, which nobody serializes
  private final Map<String, String> members;

  /** Makes a fault with the sentence that the caller will read. */
  public CallFault(AwsError error, String message) {
    this(error, message, Map.of());
  }

  /**
   * Makes a fault with the sentence that the caller will read.
   *
   * @param members what the error's shape has beside its message
   */
  public CallFault(AwsError error, String message, Map<String, String> members) {
    super(message, null, false, false);
    this.error = error;
    this.members = Map.copyOf(members);
  }

  /** Returns a fault that says a member of the request breaks a rule. */
  public static CallFault validation(String message) {
    return new CallFault(AwsError.VALIDATION, message);
  }

  /** Returns which way the call failed. */
  public AwsError error() {
    return error;
  }

  /** Returns what the error has beside its message; most have nothing. */
  public Map<String, String> members() {
    return members;
  }

  /** Returns the sentence for the caller. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
