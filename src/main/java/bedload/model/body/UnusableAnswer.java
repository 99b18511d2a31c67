package bedload.model.body;

/** A server answered with success, but not with what the protocol promises. */
public final class UnusableAnswer extends RuntimeException {
  private final String message;

  /** Makes the fault; the message says what was missing. */
  public UnusableAnswer(String message) {
    super(message, null, false, false);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
