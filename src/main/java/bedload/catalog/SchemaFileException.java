package bedload.catalog;

/** A schema file that cannot be used; the message says which, where in it and why. */
public final class SchemaFileException extends RuntimeException {
  SchemaFileException(String message) {
    super(message);
  }

  SchemaFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
