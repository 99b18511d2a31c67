package bedload.model.body;

/** A record's body is not what its model takes, or asks what the model's server cannot do. */
public final class UnfitBody extends RuntimeException {
  private final String message;

  /** Makes the fault; the message names the field and stands in the record's error as it is. */
  public UnfitBody(String message) {
    // No stack trace: the record is to blame, not the code, and a job may hold a million of them.
    super(message, null, false, false);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
