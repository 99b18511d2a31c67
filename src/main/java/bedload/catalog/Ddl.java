package bedload.catalog;

import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;

/**
 * Runs generated statements as they are: they hold descriptions, in which Jdbi would look for
 * parameters.
 */
final class Ddl {
  private Ddl() {}

  /** A generated statement that the database refused. */
  static final class RefusedException extends RuntimeException {
    private final String state;

    RefusedException(String sql, SQLException cause) {
      super("The database refused: " + sql, cause);
      this.state = String.valueOf(cause.getSQLState());
    }

    /** Returns the SQLSTATE. */
    String state() {
      return state;
    }

    /** Returns what the database said. */
    String reason() {
      return String.valueOf(getCause());
    }
  }

  /**
   * Runs one statement without parameters.
   *
   * @throws RefusedException if the database does not take it
   */
  static void run(Handle handle, String sql) {
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    } catch (SQLException e) {
      throw new RefusedException(sql, e);
    }
  }
}
