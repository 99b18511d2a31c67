package bedload.catalog;

/** A question that cannot be answered as it stands; the message tells who asked why. */
public final class QuestionFault extends RuntimeException {
  /** Makes a fault with the sentences for who asked. */
  public QuestionFault(String message) {
    super(message);
  }

  /** Makes a fault with the sentences for who asked, and what the database said. */
  public QuestionFault(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns the sentences. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
