package bedload.object.awssdk;

import org.jspecify.annotations.Nullable;

/** The order of keys: that of their UTF-8 bytes, which is also that of their code points. */
final class KeyOrder {
  private static final int LAST = Character.MAX_CODE_POINT;

  private KeyOrder() {}

  /**
   * Returns the least text that is greater than every text that begins with the prefix, so that a
   * range of an index holds exactly those; null if there is none.
   */
  static @Nullable String afterAll(String prefix) {
    int end = prefix.length();
    while (end > 0) {
      int last = prefix.codePointBefore(end);
      end -= Character.charCount(last);
      if (last < LAST) {
        int next = last + 1;
        // The surrogates are no characters: UTF-8 steps over them.
        int valid =
            next >= Character.MIN_SURROGATE && next <= Character.MAX_SURROGATE
                ? Character.MAX_SURROGATE + 1
                : next;
        return prefix.substring(0, end) + Character.toString(valid);
      }
    }
    return null;
  }
}
