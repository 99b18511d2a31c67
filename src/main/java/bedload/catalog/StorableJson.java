package bedload.catalog;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON as PostgreSQL's jsonb can keep it. */
final class StorableJson {
  /** An escape in a string: those of U+0000 and of halves of pairs are what jsonb may refuse. */
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})(?:\\\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|[^u])");

  private StorableJson() {}

  /**
   * Returns the text of a JSON value with U+FFFD for every escaped character that jsonb has no
   * place for.
   */
  static String of(String json) {
    return json.indexOf("\\u") < 0
        ? json
        : ESCAPE.matcher(json).replaceAll(escape -> Matcher.quoteReplacement(storable(escape)));
  }

  private static String storable(MatchResult escape) {
    String code = escape.group(1);
    if (code == null) {
      return escape.group();
    }
    String second = escape.group(2);
    char first = (char) Integer.parseInt(code, 16);
    if (Character.isHighSurrogate(first)) {
      return second == null ? "\\ufffd" : escape.group();
    }
    String kept = first == 0 || Character.isLowSurrogate(first) ? "\\ufffd" : "\\u" + code;
    return second == null ? kept : kept + "\\ufffd";
  }
}
