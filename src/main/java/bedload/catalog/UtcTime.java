package bedload.catalog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the one form of time that providers use nearly always, {@code 2026-03-01T12:00:00Z} with or
 * without a fraction: a resource has five, and the JDK's parser, made for every form that there is,
 * takes twenty times as long.
 */
final class UtcTime {
  private static final String FORM = "0000-00-00T00:00:00Z";
  private static final int SECOND_END = FORM.length() - 1;
  private static final int MOST_DIGITS = 9;

  private UtcTime() {}

  /** Returns the time; null if the text is not of that form, which does not say that it is none. */
  static @Nullable Instant parse(CharSequence text) {
    int last = text.length() - 1;
    if (last < SECOND_END || text.charAt(last) != 'Z' || !hasForm(text)) {
      return null;
    }
    int nano = last == SECOND_END ? 0 : nano(text, last);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, SECOND_END);
    if (nano < 0 || hour > 23 || minute > 59 || second > 59) {
      return null;
    }
    try {
      LocalDate day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
      return Instant.ofEpochSecond(
          ((day.toEpochDay() * 24 + hour) * 60 + minute) * 60 + second, nano);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static boolean hasForm(CharSequence text) {
    for (int i = 0; i < SECOND_END; i++) {
      char wanted = FORM.charAt(i);
      char found = text.charAt(i);
      if (wanted == '0' ? found < '0' || found > '9' : found != wanted) {
        return false;
      }
    }
    return true;
  }

  private static int number(CharSequence text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + text.charAt(i) - '0';
    }
    return number;
  }

  /** Returns the nanoseconds of what stands between the seconds and the zone; -1 if it is other. */
  private static int nano(CharSequence text, int end) {
    int from = SECOND_END + 1;
    int digits = end - from;
    if (text.charAt(SECOND_END) != '.' || digits < 1 || digits > MOST_DIGITS) {
      return -1;
    }
    int nano = 0;
    for (int i = from; i < from + MOST_DIGITS; i++) {
      char digit = i < end ? text.charAt(i) : '0';
      if (digit < '0' || digit > '9') {
        return -1;
      }
      nano = 10 * nano + digit - '0';
    }
    return nano;
  }
}
