package bedload.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a statement, told apart by PostgreSQL's own rules of what is text and what is comment.
 *
 * @param start where it begins in the statement
 * @param end where the next one begins
 */
record SqlToken(Kind kind, int start, int end) {
  /** What a token is. */
  enum Kind {
    /** Whitespace, or a comment. */
    BLANK,
    /** A literal: in quotes or in dollars. */
    LITERAL,
    /** A name or a keyword, in double quotes or bare. */
    NAME,
    /** A parameter, such as {@code $1}. */
    PARAMETER,
    /** A digit, or any other single character. */
    OTHER
  }

  /** Returns the tokens of a text; they cover it without a gap. One that never ends, ends it. */
  static List<SqlToken> of(String text) {
    List<SqlToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      SqlToken token = at(text, at, tokens);
      tokens.add(token);
      at = token.end;
    }
    return tokens;
  }

  /** Says whether this is that one character. */
  boolean is(String text, char character) {
    return kind == Kind.OTHER && text.charAt(start) == character;
  }

  /** Returns the characters. */
  String in(String text) {
    return text.substring(start, end);
  }

  private static SqlToken at(String text, int at, List<SqlToken> before) {
    char first = text.charAt(at);
    if (Character.isWhitespace(first)) {
      return new SqlToken(Kind.BLANK, at, at + 1);
    }
    if (text.startsWith("--", at)) {
      int newline = text.indexOf('\n', at);
      return new SqlToken(Kind.BLANK, at, newline < 0 ? text.length() : newline + 1);
    }
    if (text.startsWith("/*", at)) {
      return new SqlToken(Kind.BLANK, at, endOfBlockComment(text, at));
    }
    if (first == '\'') {
      return new SqlToken(
          Kind.LITERAL, at, endOfQuoted(text, at, continuesWithBackslashes(text, at, before)));
    }
    if (first == '"') {
      return new SqlToken(Kind.NAME, at, endOfQuoted(text, at, false));
    }
    if (first == '$') {
      return dollar(text, at);
    }
    if (isNameStart(first)) {
      return name(text, at);
    }
    return new SqlToken(Kind.OTHER, at, at + 1);
  }

  private static SqlToken name(String text, int start) {
    int at = start + 1;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    boolean isEscapeString =
        at == start + 1
            && Character.toLowerCase(text.charAt(start)) == 'e'
            && at < text.length()
            && text.charAt(at) == '\'';
    return isEscapeString
        ? new SqlToken(Kind.LITERAL, start, endOfQuoted(text, at, true))
        : new SqlToken(Kind.NAME, start, at);
  }

  /** A literal goes on after a line break, and then what a backslash means goes on with it. */
  private static boolean continuesWithBackslashes(String text, int at, List<SqlToken> before) {
    int previous = before.size() - 1;
    while (previous >= 0 && before.get(previous).kind == Kind.BLANK) {
      previous--;
    }
    return previous >= 0
        && previous < before.size() - 1
        && before.get(previous).kind == Kind.LITERAL
        && text.substring(before.get(previous).end, at).indexOf('\n') >= 0
        && Character.toLowerCase(text.charAt(firstOfSeries(text, before, previous))) == 'e';
  }

  private static int firstOfSeries(String text, List<SqlToken> tokens, int last) {
    int first = last;
    for (int i = last; i >= 0; i--) {
      SqlToken token = tokens.get(i);
      if (token.kind == Kind.LITERAL) {
        first = i;
        if (text.charAt(token.start) != '\'') {
          break;
        }
      } else if (token.kind != Kind.BLANK) {
        break;
      }
    }
    return tokens.get(first).start;
  }

  private static int endOfBlockComment(String text, int start) {
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

  /** Inside quotes, a doubled quote is a quote. */
  private static int endOfQuoted(String text, int start, boolean backslashes) {
    char quote = text.charAt(start);
    int at = start + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && backslashes) {
        at += 2;
      } else if (c != quote) {
        at++;
      } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
        at += 2;
      } else {
        return at + 1;
      }
    }
    return text.length();
  }

  private static SqlToken dollar(String text, int start) {
    int at = start + 1;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    if (at > start + 1) {
      return new SqlToken(Kind.PARAMETER, start, at);
    }
    while (at < text.length() && isNamePart(text.charAt(at)) && text.charAt(at) != '$') {
      at++;
    }
    if (at == text.length() || text.charAt(at) != '$') {
      return new SqlToken(Kind.OTHER, start, start + 1);
    }
    String tag = text.substring(start, at + 1);
    int end = text.indexOf(tag, at + 1);
    return new SqlToken(Kind.LITERAL, start, end < 0 ? text.length() : end + tag.length());
  }

  private static boolean isNameStart(char c) {
    return Character.isLetter(c) || c == '_' || c >= 128;
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || Character.isDigit(c) || c == '$';
  }
}
