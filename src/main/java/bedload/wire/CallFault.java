package bedload.wire;

/**
 * A call that cannot be answered, and the caller is to know why. Thrown anywhere below the door,
 * which alone catches it and writes it in AWS's form. Carries no stack trace: it is an answer, not
 * a defect.
 */
public final class CallFault extends RuntimeException {
  private final AwsError error;

  /** Makes a fault with the sentence that the caller will read. */
  public CallFault(AwsError error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  /** Returns a fault that says a member of the request breaks a rule. */
  public static CallFault validation(String message) {
    return new CallFault(AwsError.VALIDATION, message);
  }

  /** Returns which way the call failed. */
  public AwsError error() {
    return error;
  }

  /** Returns the sentence for the caller. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
