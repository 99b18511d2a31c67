package bedload.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One question in SQL. The driver would run each part of a text that holds several statements, so
 * the parts are told apart here.
 *
 * @param text the statement, without the semicolon that may end it
 */
public record SqlText(String text) {
  /** What may stand in a from clause; only these return rows that have a type. */
  private static final Set<String> QUESTIONS = Set.of("select", "with", "values", "table");

  private static final int LONGEST_EXCERPT = 30;

  /**
   * Returns the one statement of a text.
   *
   * @throws QuestionFault if there is none, more than one, or one that is no question
   */
  public static SqlText of(String text) {
    List<SqlToken> tokens = SqlToken.of(text);
    int end = text.length();
    int depth = 0;
    boolean hasEnded = false;
    for (SqlToken token : tokens) {
      if (token.is(text, ';')) {
        end = hasEnded ? end : token.start();
        hasEnded = true;
      } else if (hasEnded && token.kind() != SqlToken.Kind.BLANK) {
        throw new QuestionFault(
            "One statement at a time: another begins at character %d, '%s'."
                .formatted(token.start() + 1, excerpt(text, token.start())));
      }
      depth += token.is(text, '(') ? 1 : token.is(text, ')') ? -1 : 0;
      if (depth < 0) {
        throw new QuestionFault(
            "The parenthesis at character %d closes what was never opened, '%s'."
                .formatted(token.start() + 1, excerpt(text, token.start())));
      }
    }
    requireQuestion(text.substring(0, end));
    return new SqlText(text.substring(0, end));
  }

  private static void requireQuestion(String statement) {
    SqlToken first = null;
    for (SqlToken token : SqlToken.of(statement)) {
      if (token.kind() != SqlToken.Kind.BLANK && !token.is(statement, '(')) {
        first = token;
        break;
      }
    }
    if (first == null || !QUESTIONS.contains(first.in(statement).toLowerCase(Locale.ROOT))) {
      throw new QuestionFault(
          "The catalog answers questions, which begin with select, with, values or table; this begins with '%s'."
              .formatted(first == null ? "" : excerpt(statement, first.start())));
    }
  }

  private static String excerpt(String text, int at) {
    String rest = text.substring(at).lines().findFirst().orElse("");
    return rest.length() <= LONGEST_EXCERPT ? rest : rest.substring(0, LONGEST_EXCERPT) + "…";
  }
}
