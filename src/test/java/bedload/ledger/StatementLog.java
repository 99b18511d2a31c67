package bedload.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.postgresql.jdbc.PgStatement;

/**
 * The settings and selects that somebody sent, with their values, so that the server can be asked
 * again.
 */
final class StatementLog {
  private final Jdbi jdbi;
  private final List<String> statements = new ArrayList<>();

  private StatementLog(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Returns what was sent while something was done. */
  static StatementLog of(Jdbi jdbi, Consumer<Jdbi> doing) {
    StatementLog log = new StatementLog(jdbi);
    SqlLogger before = jdbi.getConfig(SqlStatements.class).getSqlLogger();
    jdbi.setSqlLogger(
        new SqlLogger() {
          @Override
          public void logBeforeExecution(StatementContext context) {
            log.note(context);
          }
        });
    try {
      doing.accept(jdbi);
    } finally {
      jdbi.setSqlLogger(before);
    }
    return log;
  }

  /** Returns the lines of the plans by which the server would go about them. */
  List<String> explain() throws SQLException {
    return jdbi.inTransaction(
        handle -> {
          List<String> lines = new ArrayList<>();
          try (Statement statement = handle.getConnection().createStatement()) {
            for (String sql : statements) {
              if (sql.startsWith("set local")) {
                statement.execute(sql);
              } else {
                addTo(lines, statement.executeQuery("explain " + sql));
              }
            }
          }
          return lines;
        });
  }

  private void note(StatementContext context) {
    try {
      // The driver prints its statements with their values; the pool's wrapper does not.
      statements.add(context.getStatement().unwrap(PgStatement.class).toString());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addTo(List<String> lines, ResultSet plan) throws SQLException {
    while (plan.next()) {
      lines.add(plan.getString(1));
    }
  }
}
