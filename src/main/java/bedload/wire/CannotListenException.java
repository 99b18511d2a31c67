package bedload.wire;

import java.io.IOException;

/** The server cannot have its address; the message is one sentence for the person who began it. */
public final class CannotListenException extends RuntimeException {
  CannotListenException(ListenAddress address, IOException cause) {
    super(
        "Cannot listen at %s: %s. Stop the program that holds the port, or choose another address."
            .formatted(address, reason(cause)),
        cause);
  }

  private static String reason(IOException failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
