package bedload.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A question that the database has understood, and whose answer it has described. Lives as long as
 * the transaction on the connection that it was put to.
 */
public final class Question {
  // A line break follows each question, in case it ends in a comment.
  private static final String ROWS_OF = "select row_to_json(answer)::text from (\n";

  private final Connection connection;
  private final SqlText asked;
  private final DottedPaths written;
  private final List<@Nullable String> parameters;
  private final List<AnswerColumn> columns;

  private Question(
      Connection connection,
      SqlText asked,
      DottedPaths written,
      List<@Nullable String> parameters,
      List<AnswerColumn> columns) {
    this.connection = connection;
    this.asked = asked;
    this.written = written;
    this.parameters = parameters;
    this.columns = columns;
  }

  /**
   * Puts a question to the database, which describes its answer and computes nothing yet. Paths
   * with dots lead into STRUCTs, unless the statement is right without that.
   *
   * @param connection without auto-commit
   * @param parameters what {@code $1} and so on stand for, as PostgreSQL writes values
   * @throws QuestionFault that says what the database said, and where in the text
   */
  public static Question put(
      Connection connection, SqlText asked, List<@Nullable String> parameters) throws SQLException {
    DottedPaths written = DottedPaths.in(asked.text(), StructNames.read(connection));
    Savepoint before = connection.setSavepoint();
    try {
      return described(connection, asked, written, parameters);
    } catch (SQLException e) {
      connection.rollback(before);
      if (!written.areAny()) {
        throw SqlTrouble.fault(connection, e, asked, written, 0);
      }
      try {
        return described(connection, asked, DottedPaths.none(asked.text()), parameters);
      } catch (SQLException again) {
        connection.rollback(before);
        throw SqlTrouble.fault(connection, e, asked, written, 0);
      }
    }
  }

  private static Question described(
      Connection connection, SqlText asked, DottedPaths written, List<@Nullable String> parameters)
      throws SQLException {
    JdbcText text = JdbcText.of(written.text(), parameters.size());
    try (PreparedStatement statement = text.prepare(connection, parameters)) {
      ResultSetMetaData described = statement.getMetaData();
      List<AnswerColumn> columns = new ArrayList<>();
      for (int i = 1; described != null && i <= described.getColumnCount(); i++) {
        columns.add(
            new AnswerColumn(
                described.getColumnLabel(i), typeName(described.getColumnTypeName(i))));
      }
      return new Question(connection, asked, written, parameters, columns);
    }
  }

  /** The driver calls an array by PostgreSQL's inner name of it, such as _text. */
  private static String typeName(String qualified) {
    String name = qualified.substring(qualified.lastIndexOf('.') + 1).replace("\"", "");
    return name.startsWith("_") ? name.substring(1) + "[]" : name;
  }

  /** Returns the answer's columns; two may be called the same. */
  public List<AnswerColumn> columns() {
    return List.copyOf(columns);
  }

  /**
   * Returns a statement whose rows are JSON objects with the members c0, c1 and so on, so that a
   * STRUCT nests and an array is an array, whatever their types.
   */
  public PreparedStatement rows() throws SQLException {
    return rows("");
  }

  /** Returns as {@link #rows()}, but of so many rows at most. */
  public PreparedStatement rows(int limit) throws SQLException {
    return rows(" limit " + limit);
  }

  /** The columns get numbers for names: two of the user's may be called the same. */
  private PreparedStatement rows(String limit) throws SQLException {
    StringJoiner names = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < columns.size(); i++) {
      names.add("c" + i);
    }
    String statement =
        ROWS_OF
            + written.text()
            + "\n) as answer"
            + (columns.isEmpty() ? "" : names.toString())
            + limit;
    return JdbcText.of(statement, parameters.size()).prepare(connection, parameters);
  }

  /**
   * Returns what to tell who asked when the rows could not be had. The transaction is rolled back.
   */
  public QuestionFault fault(SQLException trouble) {
    return SqlTrouble.fault(connection, trouble, asked, written, ROWS_OF.length());
  }
}
