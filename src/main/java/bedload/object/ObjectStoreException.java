package bedload.object;

import org.jspecify.annotations.Nullable;

/**
 * The object store did not do what was asked. The message is a sentence for people: which
 * operation, on what, and what the store said.
 */
public final class ObjectStoreException extends RuntimeException {
  private final Kind kind;

  public ObjectStoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Why it was not done. */
  public enum Kind {
    NO_SUCH_BUCKET,
    NO_SUCH_KEY,
    /** The account's keys do not allow it, or the bucket is not whose it was expected to be. */
    ACCESS_DENIED,
    /** Another object is under the key than when the reading began. */
    CHANGED,
    /** The store does not take the request, and will not if it is sent again. */
    REFUSED,
    /** The store was not reached or is in trouble; later it may work. */
    UNAVAILABLE,
    /** The calling thread was interrupted; its interrupt flag is set. */
    INTERRUPTED
  }

  /** Returns why. */
  public Kind kind() {
    return kind;
  }
}
