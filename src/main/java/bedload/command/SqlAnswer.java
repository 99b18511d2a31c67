package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The answer to a question, row by row, while the connection is open. Each row arrives as JSON that
 * the database made, so that a struct nests and an array is an array, whatever their types.
 */
final class SqlAnswer implements AutoCloseable {
  private static final int ROWS_AT_A_TIME = 500;

  // A line break follows each question, in case it ends in a comment.
  private static final String COLUMNS_OF = "select * from (\n";
  private static final String ROWS_OF = "select row_to_json(answer)::text from (\n";

  private final Connection connection;
  private final List<String> columns;
  private final ResultSet rows;

  private SqlAnswer(Connection connection, List<String> columns, ResultSet rows) {
    this.connection = connection;
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * Asks.
   *
   * @throws CommandFault that says what the database said, and where in the text
   */
  static SqlAnswer ask(String jdbcUrl, SqlText question) {
    Connection connection;
    try {
      connection = DriverManager.getConnection(jdbcUrl);
    } catch (SQLException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The catalog's database does not answer: %s".formatted(e.getMessage()),
          e);
    }
    try {
      connection.setAutoCommit(false); // or the driver would read all rows at once
      connection.setReadOnly(true);
      List<String> columns = columns(connection, question);
      Statement statement = plainStatement(connection);
      statement.setFetchSize(ROWS_AT_A_TIME);
      return new SqlAnswer(
          connection, columns, statement.executeQuery(wrap(question, columns.size())));
    } catch (SQLException e) {
      closeQuietly(connection);
      throw fault(e, question);
    }
  }

  private static List<String> columns(Connection connection, SqlText question) throws SQLException {
    try (Statement statement = plainStatement(connection);
        ResultSet none =
            statement.executeQuery(COLUMNS_OF + question.text() + "\n) as answer limit 0")) {
      ResultSetMetaData described = none.getMetaData();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= described.getColumnCount(); i++) {
        names.add(described.getColumnLabel(i));
      }
      return names;
    }
  }

  /** The columns get numbers for names: two of the user's may be called the same. */
  private static String wrap(SqlText question, int columns) {
    StringJoiner names = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < columns; i++) {
      names.add("c" + i);
    }
    return ROWS_OF + question.text() + "\n) as answer" + (columns == 0 ? "" : names);
  }

  /** Returns a statement in which a question mark and a brace are PostgreSQL's, not JDBC's. */
  private static Statement plainStatement(Connection connection) throws SQLException {
    Statement statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    return statement;
  }

  /** Returns the columns' names; two may be the same. */
  List<String> columns() {
    return columns;
  }

  /**
   * Returns the next row, a JSON object whose members are c0, c1 and so on; empty after the last.
   */
  Optional<String> next() {
    try {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    } catch (SQLException e) {
      throw fault(e, new SqlText(""));
    }
  }

  private static CommandFault fault(SQLException e, SqlText question) {
    ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    if (said == null) {
      return new CommandFault(ExitCode.NO, String.valueOf(e.getMessage()), e);
    }
    StringBuilder story = new StringBuilder(String.valueOf(said.getMessage()));
    // The names of columns are asked for first, so a fault of the text shows there.
    int position = said.getPosition() - 1 - COLUMNS_OF.length();
    if (said.getPosition() > 0 && position >= 0 && position < question.text().length()) {
      story.append('\n').append(pointAt(question.text(), position));
    }
    for (String more : new String[] {said.getDetail(), said.getHint()}) {
      if (more != null) {
        story.append('\n').append(more);
      }
    }
    return new CommandFault(ExitCode.NO, story.toString(), e);
  }

  /** Returns the line in question with a mark below the place. */
  private static String pointAt(String text, int position) {
    int start = text.lastIndexOf('\n', position - 1) + 1;
    int end = text.indexOf('\n', position);
    String line = text.substring(start, end < 0 ? text.length() : end).replace('\t', ' ');
    return "  " + line + "\n  " + " ".repeat(position - start) + "^";
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // The fault that led here says more.
    }
  }

  @Override
  public void close() {
    closeQuietly(connection);
  }
}
