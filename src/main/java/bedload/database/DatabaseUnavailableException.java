package bedload.database;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be had: not started, not reached, not let in, or not fit. The message says
 * what was wanted, what was found and what to do, and never holds a password.
 */
public final class DatabaseUnavailableException extends RuntimeException {
  public DatabaseUnavailableException(String message) {
    this(message, null);
  }

  public DatabaseUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
