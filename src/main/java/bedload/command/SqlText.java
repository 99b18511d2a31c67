package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.util.Locale;
import java.util.Set;

/**
 * One question in SQL. The driver would run each part of a text that holds several statements, so
 * the parts are told apart here, by PostgreSQL's own rules of what is text and what is comment.
 *
 * @param text the statement, without the semicolon that may end it
 */
record SqlText(String text) {
  /** What may stand in a from clause; only these return rows that have a type. */
  private static final Set<String> QUESTIONS = Set.of("select", "with", "values", "table");

  /**
   * Returns the one statement of a text.
   *
   * @throws CommandFault if there is none, more than one, or one that is no question
   */
  static SqlText of(String text) {
    int end = endOfStatement(text, 0);
    int rest = skipBlank(text, end);
    while (rest < text.length() && text.charAt(rest) == ';') {
      rest = skipBlank(text, rest + 1);
    }
    if (rest < text.length()) {
      throw new CommandFault(
          ExitCode.NO,
          "One statement at a time: another begins at character %d, '%s'."
              .formatted(rest + 1, excerpt(text, rest)));
    }
    String statement = text.substring(0, end);
    int start = skipBlank(statement, 0);
    while (start < statement.length() && statement.charAt(start) == '(') {
      start = skipBlank(statement, start + 1);
    }
    int wordEnd = start;
    while (wordEnd < statement.length() && Character.isLetter(statement.charAt(wordEnd))) {
      wordEnd++;
    }
    String word = statement.substring(start, wordEnd).toLowerCase(Locale.ROOT);
    if (!QUESTIONS.contains(word)) {
      throw new CommandFault(
          ExitCode.NO,
          "The catalog answers questions, which begin with select, with, values or table; this begins with '%s'."
              .formatted(excerpt(statement, start)));
    }
    return new SqlText(statement);
  }

  /** Returns where the first semicolon is that ends a statement, or the end of the text. */
  private static int endOfStatement(String text, int start) {
    int at = start;
    while (at < text.length() && text.charAt(at) != ';') {
      at = skipToken(text, at);
    }
    return at;
  }

  private static int skipBlank(String text, int start) {
    int at = start;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("--", at) || text.startsWith("/*", at)) {
        at = skipToken(text, at);
      } else {
        break;
      }
    }
    return at;
  }

  /** Returns where the token ends that begins here; one that never ends, ends with the text. */
  private static int skipToken(String text, int at) {
    char first = text.charAt(at);
    if (text.startsWith("--", at)) {
      int newline = text.indexOf('\n', at);
      return newline < 0 ? text.length() : newline + 1;
    }
    if (text.startsWith("/*", at)) {
      return skipBlockComment(text, at);
    }
    if (first == '\'') {
      boolean backslashes =
          at > 0
              && Character.toLowerCase(text.charAt(at - 1)) == 'e'
              && (at == 1 || !isNamePart(text.charAt(at - 2)));
      return skipQuoted(text, at, backslashes);
    }
    if (first == '"') {
      return skipQuoted(text, at, false);
    }
    if (first == '$' && (at == 0 || !isNamePart(text.charAt(at - 1)))) {
      return skipDollarQuoted(text, at);
    }
    return at + 1;
  }

  private static int skipBlockComment(String text, int start) {
    int depth = 0;
    int at = start;
    while (at < text.length()) {
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return at;
        }
      } else {
        at++;
      }
    }
    return at;
  }

  /** Inside a literal, a doubled quote is a quote. */
  private static int skipQuoted(String text, int start, boolean backslashes) {
    char quote = text.charAt(start);
    int at = start + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && backslashes) {
        at += 2;
      } else if (c == quote) {
        if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
          at += 2;
        } else {
          return at + 1;
        }
      } else {
        at++;
      }
    }
    return text.length();
  }

  private static int skipDollarQuoted(String text, int start) {
    int at = start + 1;
    while (at < text.length() && isNamePart(text.charAt(at)) && text.charAt(at) != '$') {
      at++;
    }
    boolean isTag =
        at < text.length()
            && text.charAt(at) == '$'
            && !(at > start + 1 && Character.isDigit(text.charAt(start + 1)));
    if (!isTag) {
      return start + 1;
    }
    String tag = text.substring(start, at + 1);
    int end = text.indexOf(tag, at + 1);
    return end < 0 ? text.length() : end + tag.length();
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c >= 128;
  }

  private static String excerpt(String text, int at) {
    String rest = text.substring(at).lines().findFirst().orElse("");
    return rest.length() <= 30 ? rest : rest.substring(0, 30) + "…";
  }
}
