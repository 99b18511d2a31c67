package bedload.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement as JDBC wants it: {@code ?} for each parameter, {@code ??} for an operator's question
 * mark. The server is sent the same number of characters that the author wrote, so places in it
 * hold.
 *
 * @param numbers which parameter each {@code ?} stands for, counted from 1
 */
record JdbcText(String text, List<Integer> numbers) {
  JdbcText {
    numbers = List.copyOf(numbers);
  }

  /**
   * Returns the statement.
   *
   * @throws QuestionFault if it names a parameter beyond those that are given
   */
  static JdbcText of(String statement, int given) {
    StringBuilder text = new StringBuilder();
    List<Integer> numbers = new ArrayList<>();
    for (SqlToken token : SqlToken.of(statement)) {
      String written = token.in(statement);
      if (token.kind() == SqlToken.Kind.PARAMETER) {
        numbers.add(number(written, given));
        text.append('?');
      } else {
        text.append(token.is(statement, '?') ? "??" : written);
      }
    }
    return new JdbcText(text.toString(), numbers);
  }

  private static int number(String parameter, int given) {
    String digits = parameter.substring(1);
    int number = digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (number < 1 || number > given) {
      throw new QuestionFault(
          "The statement names parameter %s; given are %d, counted from $1."
              .formatted(parameter, given));
    }
    return number;
  }

  /** Returns the statement with its parameters; the server finds out their types by their use. */
  PreparedStatement prepare(Connection connection, List<@Nullable String> parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text);
    for (int i = 0; i < numbers.size(); i++) {
      String value = parameters.get(numbers.get(i) - 1);
      if (value == null) {
        statement.setNull(i + 1, Types.OTHER);
      } else {
        statement.setObject(i + 1, value, Types.OTHER);
      }
    }
    return statement;
  }
}
