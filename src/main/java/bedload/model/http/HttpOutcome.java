package bedload.model.http;

/** What became of one request. */
public sealed interface HttpOutcome {
  /** The server answered, with whatever status. */
  record Replied(HttpReply reply) implements HttpOutcome {}

  /**
   * No whole answer came.
   *
   * @param message what happened instead, for people
   */
  record Broken(String message) implements HttpOutcome {}

  /** The deadline passed first; the connection was closed. */
  record Late() implements HttpOutcome {}

  /** The answer passed the size that is taken; the connection was closed. */
  record TooLarge(long limitBytes) implements HttpOutcome {}
}
