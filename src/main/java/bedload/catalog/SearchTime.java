package bedload.catalog;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A moment as people write it in a search: {@code 2026-03-01}, with a time, or {@code -7d}. */
final class SearchTime {
  private static final Pattern AGO = Pattern.compile("-([0-9]{1,5})([mhdw])");

  private SearchTime() {}

  /**
   * Returns the moment.
   *
   * @throws QuestionFault if the text is none
   */
  static Instant parse(String text, Instant now) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return now.minus(unit(ago.group(2)).multipliedBy(Long.parseLong(ago.group(1))));
    }
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new QuestionFault(
          "A time is written -7d (or m, h, w), 2026-03-01 or 2026-03-01T12:00:00Z, not '%s'"
              .formatted(text),
          e);
    }
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }
}
