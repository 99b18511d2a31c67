package bedload.web.page;

import bedload.job.LengthText;
import bedload.ledger.QueuePlace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Where a job stands, in words. What is not known is not said. */
final class QueueText {
  /** Below it tenths would be nothing. */
  private static final double SLOWEST_IN_TENTHS = 0.1;

  private QueueText() {}

  /** Returns a paragraph; nothing for a job without a place. */
  static Html of(@Nullable QueuePlace place, Instant now) {
    if (place == null) {
      return Html.NOTHING;
    }
    Instant start = place.estimatedStart();
    Double pace = place.recordsPerSecond();
    Long ahead = place.aheadRecords();
    Html words =
        Html.of(
            "{}{}{}{}",
            place.position() == null || ahead == null
                ? Html.NOTHING
                : Html.of(
                    "Number {} in the queue, {} records before it. ",
                    Texts.number(place.position()),
                    Texts.number(ahead)),
            pace == null ? Html.NOTHING : Html.of("{}. ", pace(pace)),
            start == null ? Html.NOTHING : Html.of("Starts {}. ", when(start, now)),
            end(place, now));
    return Html.of("<p class=\"queue\">{}</p>", words);
  }

  private static String pace(double recordsPerSecond) {
    return recordsPerSecond >= SLOWEST_IN_TENTHS
        ? "%,.1f records a second".formatted(recordsPerSecond)
        : "A record in about "
            + LengthText.of(Duration.ofMillis(Math.round(1000 / recordsPerSecond)));
  }

  private static Html end(QueuePlace place, Instant now) {
    Instant end = place.estimatedEnd();
    if (end != null) {
      return Html.of("Ends {}.", when(end, now));
    }
    boolean isRunning = place.position() == null;
    return isRunning && place.recordsPerSecond() == null
        ? Html.of("No record was done of late: when it ends cannot be told.")
        : Html.NOTHING;
  }

  /** Returns the one thing that a row of a table has room for. */
  static Html brief(@Nullable QueuePlace place, Instant now) {
    if (place == null) {
      return Html.NOTHING;
    }
    Instant end = place.estimatedEnd();
    if (place.position() != null) {
      return Html.of(" <span class=\"quiet\">number {}</span>", Texts.number(place.position()));
    }
    return end == null
        ? Html.NOTHING
        : Html.of(" <span class=\"quiet\">ends {}</span>", when(end, now));
  }

  private static Html when(Instant at, Instant now) {
    Instant second = at.truncatedTo(ChronoUnit.SECONDS);
    return Html.of(
        "<time datetime=\"{}\" title=\"{}\">{}</time>",
        second,
        Texts.second(second),
        at.isAfter(now) ? "in about " + LengthText.of(Duration.between(now, at)) : "any moment");
  }
}
