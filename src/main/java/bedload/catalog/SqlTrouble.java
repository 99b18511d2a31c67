package bedload.catalog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What the database said of a question, for who asked it: the place, and the name that was meant.
 */
final class SqlTrouble {
  private static final String TIMED_OUT = "57014";
  private static final String TOO_LARGE = "maxResultBuffer";
  private static final Pattern UNKNOWN_COLUMN =
      Pattern.compile("column (?:\\w+\\.)*\"?(\\w+)\"? (?:does not exist|not found).*");
  private static final Pattern UNKNOWN_TABLE =
      Pattern.compile("(?:relation|missing FROM-clause entry for table) \"(?:\\w+\\.)*(\\w+)\".*");

  private SqlTrouble() {}

  /**
   * Returns what to say. The transaction is rolled back, which the trouble has ended anyway.
   *
   * @param offset how many characters the database was sent before the statement
   */
  static QuestionFault fault(
      Connection connection, SQLException trouble, SqlText asked, DottedPaths written, int offset) {
    ServerErrorMessage said =
        trouble instanceof PSQLException fromServer ? fromServer.getServerErrorMessage() : null;
    if (said == null) {
      return new QuestionFault(
          String.valueOf(trouble.getMessage()).contains(TOO_LARGE)
              ? "The answer is larger than an answer may be. Ask for fewer rows or columns, or use a PostgreSQL client."
              : String.valueOf(trouble.getMessage()),
          trouble);
    }
    StringBuilder story = new StringBuilder(String.valueOf(said.getMessage()));
    if (TIMED_OUT.equals(said.getSQLState())) {
      story.append(". A question may take 30 seconds; ask for less, or by an indexed column.");
    }
    int position = said.getPosition() - 1 - offset;
    if (position >= 0 && position < written.text().length()) {
      story.append('\n').append(pointAt(asked.text(), written.original(position)));
    }
    for (String more : new String[] {said.getDetail(), said.getHint()}) {
      if (more != null) {
        story.append('\n').append(more);
      }
    }
    if (said.getHint() == null) {
      meant(connection, String.valueOf(said.getMessage()))
          .ifPresent(name -> story.append("\nPerhaps you mean %s.".formatted(name)));
    }
    return new QuestionFault(story.toString(), trouble);
  }

  /** Returns the line in question with a mark below the place. */
  private static String pointAt(String text, int position) {
    int start = text.lastIndexOf('\n', position - 1) + 1;
    int end = text.indexOf('\n', position);
    String line = text.substring(start, end < 0 ? text.length() : end).replace('\t', ' ');
    return "  " + line + "\n  " + " ".repeat(position - start) + "^";
  }

  private static final String COLUMNS =
      "select distinct regexp_replace(column_name, '.*\\.', '') from catalog.columns";

  private static final String TABLES = "select table_name from catalog.tables";

  private static Optional<String> meant(Connection connection, String message) {
    Matcher column = UNKNOWN_COLUMN.matcher(message);
    if (column.matches()) {
      return nearest(connection, column.group(1), COLUMNS);
    }
    Matcher table = UNKNOWN_TABLE.matcher(message);
    return table.matches() ? nearest(connection, table.group(1), TABLES) : Optional.empty();
  }

  private static Optional<String> nearest(Connection connection, String wanted, String names) {
    try {
      connection.rollback();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(names)) {
        List<String> known = new ArrayList<>();
        while (rows.next()) {
          known.add(rows.getString(1));
        }
        return NearestName.of(wanted, known);
      }
    } catch (SQLException e) {
      // A guess that cannot be made is left out; what the database said of the question counts.
      return Optional.empty();
    }
  }
}
