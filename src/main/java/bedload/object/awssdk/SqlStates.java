package bedload.object.awssdk;

import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;

/** The few refusals of the database that are answers here and not accidents. */
final class SqlStates {
  private static final String FOREIGN_KEY_VIOLATION = "23503";

  private SqlStates() {}

  /**
   * Tells whether a row was to go that others need, or one was to come that needs a missing one.
   */
  static boolean isForeignKeyViolation(JdbiException e) {
    return e.getCause() instanceof SQLException cause
        && FOREIGN_KEY_VIOLATION.equals(cause.getSQLState());
  }
}
