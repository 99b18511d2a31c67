package bedload.catalog;

/** A role of the database that may read, and its password. */
public record ReaderLogin(String user, String password) {
  @Override
  public String toString() {
    return "ReaderLogin[user=%s]".formatted(user);
  }
}
