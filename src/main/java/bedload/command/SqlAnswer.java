package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.catalog.AnswerColumn;
import bedload.catalog.Question;
import bedload.catalog.QuestionFault;
import bedload.catalog.SqlText;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a question, row by row, while the connection is open. Each row arrives as JSON that
 * the database made, so that a struct nests and an array is an array, whatever their types.
 */
final class SqlAnswer implements AutoCloseable {
  private static final int ROWS_AT_A_TIME = 500;

  private final Connection connection;
  private final Question question;
  private final ResultSet rows;

  private SqlAnswer(Connection connection, Question question, ResultSet rows) {
    this.connection = connection;
    this.question = question;
    this.rows = rows;
  }

  /**
   * Asks.
   *
   * @throws CommandFault that says what the database said, and where in the text
   */
  static SqlAnswer ask(String jdbcUrl, SqlText text) {
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
      Question question = Question.put(connection, text, List.of());
      PreparedStatement statement = question.rows();
      statement.setFetchSize(ROWS_AT_A_TIME);
      try {
        return new SqlAnswer(connection, question, statement.executeQuery());
      } catch (SQLException e) {
        throw question.fault(e);
      }
    } catch (SQLException e) {
      closeQuietly(connection);
      throw new CommandFault(ExitCode.NO, String.valueOf(e.getMessage()), e);
    } catch (QuestionFault fault) {
      closeQuietly(connection);
      throw refused(fault);
    }
  }

  /** Returns the fault as a command ends with it. */
  static CommandFault refused(QuestionFault fault) {
    return new CommandFault(ExitCode.NO, fault.sentence(), fault);
  }

  /** Returns the columns' names; two may be the same. */
  List<String> columns() {
    return question.columns().stream().map(AnswerColumn::name).toList();
  }

  /**
   * Returns the next row, a JSON object whose members are c0, c1 and so on; empty after the last.
   */
  Optional<String> next() {
    try {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    } catch (SQLException e) {
      throw refused(question.fault(e));
    }
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
