package bedload.model.minilm;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cuts a text into the tokens that BERT's uncased models read: cleaned, in lower case, without
 * accents, split at spaces and punctuation, each word cut into the longest pieces that the
 * vocabulary knows. Thread-safe.
 */
final class WordPiece {
  private static final String UNKNOWN = "[UNK]";
  private static final String FIRST = "[CLS]";
  private static final String LAST = "[SEP]";

  /** A longer word is unknown as a whole, as in the vocabulary's own tokenizer. */
  private static final int LONGEST_WORD = 100;

  private final Map<String, Integer> vocabulary;
  private final int unknown;
  private final int first;
  private final int last;

  /**
   * Makes a tokenizer.
   *
   * @param vocabulary ids of pieces; those that continue a word begin with ##
   */
  WordPiece(Map<String, Integer> vocabulary) {
    this.vocabulary = Map.copyOf(vocabulary);
    this.unknown = id(UNKNOWN);
    this.first = id(FIRST);
    this.last = id(LAST);
  }

  private int id(String piece) {
    Integer id = vocabulary.get(piece);
    if (id == null) {
      throw new IllegalArgumentException("The vocabulary has no piece " + piece);
    }
    return id;
  }

  /**
   * Returns the ids of a text's tokens between the marks of its beginning and end.
   *
   * @param limit the most ids that are returned, marks included; what a text has beyond is left out
   */
  long[] ids(String text, int limit) {
    List<Integer> ids = new ArrayList<>();
    ids.add(first);
    for (String word : words(text, limit)) {
      pieces(word, ids);
      if (ids.size() >= limit) {
        break;
      }
    }
    int kept = Math.min(ids.size(), limit - 1);
    long[] all = new long[kept + 1];
    for (int i = 0; i < kept; i++) {
      all[i] = ids.get(i);
    }
    all[kept] = last;
    return all;
  }

  /** Returns the first words; each has one token at least, so that no more than the limit count. */
  private static List<String> words(String text, int limit) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int[] codePoints = plain(text).codePoints().toArray();
    for (int i = 0; i < codePoints.length && words.size() < limit; i++) {
      int c = codePoints[i];
      if (isSpace(c)) {
        end(word, words);
      } else if (isPunctuation(c) || isChinese(c)) {
        end(word, words);
        words.add(Character.toString(c));
      } else {
        word.appendCodePoint(c);
      }
    }
    end(word, words);
    return words;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  /** Returns a text without control characters and accents, in lower case. */
  private static String plain(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c != 0 && c != 0xFFFD && !isControl(c))
        .forEach(clean::appendCodePoint);
    StringBuilder plain = new StringBuilder(clean.length());
    Normalizer.normalize(clean, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        // Letter by letter: Java's lower case of a whole string knows of final sigmas, BERT's not.
        .forEach(c -> plain.append(Character.toString(c).toLowerCase(Locale.ROOT)));
    return plain.toString();
  }

  private void pieces(String word, List<Integer> ids) {
    if (word.codePointCount(0, word.length()) > LONGEST_WORD) {
      ids.add(unknown);
      return;
    }
    int before = ids.size();
    int start = 0;
    while (start < word.length()) {
      int end = word.length();
      Integer id = null;
      while (id == null && end > start) {
        String piece = word.substring(start, end);
        id = vocabulary.get(start == 0 ? piece : "##" + piece);
        if (id == null) {
          end = word.offsetByCodePoints(end, -1);
        }
      }
      if (id == null) {
        // One unknown piece makes the word unknown.
        ids.subList(before, ids.size()).clear();
        ids.add(unknown);
        return;
      }
      ids.add(id);
      start = end;
    }
  }

  private static boolean isSpace(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c) || isOtherWhitespace(c);
  }

  /** Unicode calls these white space though their category is not a space's. */
  private static boolean isOtherWhitespace(int c) {
    return c == 0x0B || c == 0x0C || c == 0x85;
  }

  private static boolean isControl(int c) {
    if (c == '\t' || c == '\n' || c == '\r') {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> false;
    };
  }

  private static boolean isPunctuation(int c) {
    // All of ASCII that is no letter, digit or space counts, also what Unicode calls symbols.
    if ((c >= 33 && c <= 47)
        || (c >= 58 && c <= 64)
        || (c >= 91 && c <= 96)
        || (c >= 123 && c <= 126)) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isChinese(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}
