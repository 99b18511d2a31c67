package bedload.catalog;

import bedload.database.Database;

/** The names of readers' roles, which differ from database to database. */
public final class TestReaders {
  private TestReaders() {}

  /** Returns the role of an account. */
  public static String role(Database database, String account) {
    return Readers.roleOf(database.jdbi(), account);
  }

  /** Returns the role of an account that sees nothing which users fed. */
  public static String maskedRole(Database database, String account) {
    return role(database, account) + Right.MASKED_ENDING;
  }

  /** Returns a text with the roles of this database in place of {@code acct_} and an account. */
  public static String withRoles(Database database, String text) {
    return text.replaceAll("acct_([0-9]{12})", role(database, "$1"));
  }
}
