package bedload.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One condition of a search, such as {@code -status:(Failed OR Expired)}.
 *
 * @param key what stands before the colon; empty for free text
 * @param words the values of which one must fit
 */
record SearchClause(boolean isNegated, String key, List<Word> words) {
  /** Enough for whoever types; each becomes a condition of the statement. */
  private static final int MOST_WORDS = 100;

  /** What an ARN begins with, in every partition of AWS. */
  private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:");

  SearchClause {
    words = List.copyOf(words);
  }

  /**
   * A value.
   *
   * @param isQuoted whether an asterisk in it is just that
   */
  record Word(String text, boolean isQuoted) {
    /** Says whether the value stands for whatever fits a pattern. */
    boolean isPattern() {
      return !isQuoted && text.indexOf('*') >= 0;
    }
  }

  /**
   * Returns the clauses of a text; all of them must fit.
   *
   * @throws QuestionFault that says which place is wrong
   */
  static List<SearchClause> parse(String text) {
    Reader reader = new Reader(text);
    List<SearchClause> clauses = new ArrayList<>();
    while (reader.skipBlanks()) {
      clauses.add(reader.clause());
    }
    return clauses;
  }

  private static final class Reader {
    private final String text;
    private int at;
    private int words;

    Reader(String text) {
      this.text = text;
    }

    boolean skipBlanks() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at < text.length();
    }

    SearchClause clause() {
      boolean isNegated = next('-');
      String key = key();
      if (!next('(')) {
        return new SearchClause(isNegated, key, List.of(word()));
      }
      List<Word> any = new ArrayList<>();
      while (skipBlanks() && !next(')')) {
        Word word = word();
        if (word.isQuoted() || !word.text().equals("OR")) {
          any.add(word);
        }
      }
      if (text.charAt(at - 1) != ')' || any.isEmpty()) {
        throw new QuestionFault(
            "A list in parentheses has words in it and ends, as in status:(Failed OR Expired); this does not: '%s'"
                .formatted(text));
      }
      return new SearchClause(isNegated, key, any);
    }

    private boolean next(char wanted) {
      boolean isNext = at < text.length() && text.charAt(at) == wanted;
      at += isNext ? 1 : 0;
      return isNext;
    }

    private String key() {
      if (ARN.matcher(text).region(at, text.length()).lookingAt()) {
        return "";
      }
      int end = at;
      while (end < text.length() && isPlain(text.charAt(end)) && text.charAt(end) != ':') {
        end++;
      }
      if (end == at || end == text.length() || text.charAt(end) != ':') {
        return "";
      }
      String key = text.substring(at, end);
      at = end + 1;
      return key;
    }

    private Word word() {
      words++;
      if (words > MOST_WORDS) {
        throw new QuestionFault("A search may have %d words.".formatted(MOST_WORDS));
      }
      if (next('"')) {
        int end = text.indexOf('"', at);
        if (end < 0) {
          throw new QuestionFault(
              "A quote at character %d begins and never ends: '%s'".formatted(at, text));
        }
        Word word = new Word(text.substring(at, end), true);
        at = end + 1;
        return word;
      }
      int start = at;
      while (at < text.length() && isPlain(text.charAt(at))) {
        at++;
      }
      if (start == at) {
        throw new QuestionFault(
            "A word is missing at character %d of '%s'".formatted(at + 1, text));
      }
      return new Word(text.substring(start, at), false);
    }

    private static boolean isPlain(char c) {
      return !Character.isWhitespace(c) && c != '(' && c != ')' && c != '"';
    }
  }
}
