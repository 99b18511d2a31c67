package bedload.command;

import java.util.stream.IntStream;

/**
 * Makes texts of others fit for a terminal: whoever names a job or answers for a model must not be
 * able to move the cursor, set colours, or turn the order of letters around.
 */
final class Printable {
  private Printable() {}

  /** Returns the text on one line; what would act in place of being seen stands as an escape. */
  static String of(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> printable.append("\\n");
                case '\r' -> printable.append("\\r");
                case '\t' -> printable.append("\\t");
                default -> {
                  if (acts(c)) {
                    printable.append("\\u%04x".formatted(c));
                  } else {
                    printable.appendCodePoint(c);
                  }
                }
              }
            });
    return printable.toString();
  }

  /** As {@link #of}, cut after so many characters. */
  static String of(String text, int longest) {
    int length = text.codePointCount(0, text.length());
    return length <= longest
        ? of(text)
        : "%s… (%,d characters)"
            .formatted(of(text.substring(0, text.offsetByCodePoints(0, longest))), length);
  }

  private static boolean acts(int c) {
    boolean turnsOrder =
        IntStream.of(0x061c, 0x200e, 0x200f).anyMatch(mark -> mark == c)
            || (c >= 0x202a && c <= 0x202e)
            || (c >= 0x2066 && c <= 0x2069);
    return turnsOrder || Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }
}
