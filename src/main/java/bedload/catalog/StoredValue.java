package bedload.catalog;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a provider's value is written into the store: one form for each type, whatever was sent. */
final class StoredValue {
  /** What PostgreSQL refuses in a text: U+0000, and a half of a pair without its other half. */
  private static final Pattern UNSTORABLE =
      Pattern.compile(
          "\\x00|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]");

  private StoredValue() {}

  /**
   * Returns the value as it goes into the row.
   *
   * @throws IllegalArgumentException if it is none of the column's type
   */
  static Object of(StoredColumn column, Object value) {
    Object stored =
        switch (column.leaf().type()) {
          case STRING -> value instanceof CharSequence text ? text(text) : null;
          case TIMESTAMP -> timestamp(value);
          case INT32 ->
              value instanceof Number n && n.longValue() == n.intValue() ? whole(n) : null;
          case INT64 -> value instanceof Number number ? whole(number) : null;
          case BOOLEAN -> value instanceof Boolean ? value : null;
          case UNORDERED_LIST_STRING -> value instanceof Collection<?> list ? set(list) : null;
        };
    if (stored == null) {
      throw new IllegalArgumentException(
          "Column %s is a %s, what came is a %s: %s"
              .formatted(
                  column.dotted(),
                  column.leaf().documentedType(),
                  value.getClass().getSimpleName(),
                  value));
    }
    return stored;
  }

  /** Returns the text as PostgreSQL can keep it; what it cannot becomes U+FFFD. */
  static String text(CharSequence text) {
    String whole = text.toString();
    return isPlain(whole) ? whole : UNSTORABLE.matcher(whole).replaceAll("\ufffd");
  }

  /** The pattern takes a hundred times as long, and nearly every text is without any of these. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the texts sorted by code unit, each once. */
  static List<String> set(Collection<?> texts) {
    return texts.stream()
        .filter(Objects::nonNull)
        .map(text -> text(text.toString()))
        .distinct()
        .sorted()
        .toList();
  }

  private static @Nullable Long whole(Number number) {
    return number.doubleValue() == number.longValue() ? Long.valueOf(number.longValue()) : null;
  }

  /** Returns a time in whichever form a provider writes it; null if it is none. */
  static @Nullable Instant timestamp(Object value) {
    return switch (value) {
      case Instant instant -> instant.truncatedTo(ChronoUnit.MILLIS);
      case CharSequence text -> parsed(text);
      // AWS's JSON protocols write seconds since 1970, with a fraction.
      case Number seconds -> Instant.ofEpochMilli(Math.round(seconds.doubleValue() * 1000));
      default -> null;
    };
  }

  private static @Nullable Instant parsed(CharSequence text) {
    Instant usual = UtcTime.parse(text);
    if (usual != null) {
      return usual.truncatedTo(ChronoUnit.MILLIS);
    }
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
