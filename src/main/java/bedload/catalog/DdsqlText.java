package bedload.catalog;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * A question in Datadog's SQL as PostgreSQL is asked it. The two differ in little: days of the week
 * are numbered from Monday, and some functions have other rules.
 */
public final class DdsqlText {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private DdsqlText() {}

  /**
   * Returns what to ask.
   *
   * @param from what {@code current_setting('dd.time_frame_start')} gives
   * @param to what {@code current_setting('dd.time_frame_end')} gives
   * @throws QuestionFault if the text is not one question
   */
  public static ReadingDesk.Ask ask(String text, int rowLimit, Instant from, Instant to) {
    return new ReadingDesk.Ask(
        SqlText.of(withIsoDays(text)),
        List.of(),
        rowLimit,
        null,
        List.of(
            "set local search_path = ddsql, pg_catalog, catalog, public",
            "set local dd.time_frame_start = " + Sql.literal(moment(from)),
            "set local dd.time_frame_end = " + Sql.literal(moment(to))));
  }

  private static String moment(Instant instant) {
    return MOMENT.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  /** PostgreSQL counts {@code extract(dow from t)} from Sunday as 0, Datadog from Monday as 1. */
  private static String withIsoDays(String text) {
    StringBuilder written = new StringBuilder();
    String last = "";
    String beforeLast = "";
    for (SqlToken token : SqlToken.of(text)) {
      String piece = token.in(text);
      if (token.kind() == SqlToken.Kind.BLANK) {
        written.append(piece);
        continue;
      }
      boolean isDay =
          piece.equalsIgnoreCase("dow")
              && last.equals("(")
              && beforeLast.equalsIgnoreCase("extract");
      written.append(isDay ? "isodow" : piece);
      beforeLast = last;
      last = piece;
    }
    return written.toString();
  }
}
