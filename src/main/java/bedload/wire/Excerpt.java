package bedload.wire;

/** What of a caller's text goes into a sentence about it. */
public final class Excerpt {
  private static final int MAX_CHARS = 256;

  private Excerpt() {}

  /** Returns the text, or its beginning and its length if it is long: an answer has bounds too. */
  public static String of(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    return text.substring(0, MAX_CHARS) + "… (" + text.length() + " characters)";
  }
}
