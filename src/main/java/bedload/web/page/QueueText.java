package bedload.web.page;

import bedload.ledger.QueuePlace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Where a job stands, in words. What is not known is not said. */
final class QueueText {
  private QueueText() {}

  /** Returns a paragraph; nothing for a job without a place. */
  static Html of(@Nullable QueuePlace place, Instant now) {
    if (place == null) {
      return Html.NOTHING;
    }
    Instant start = place.estimatedStart();
    Instant end = place.estimatedEnd();
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
            pace == null ? Html.NOTHING : Html.of("{} records a second. ", "%,.1f".formatted(pace)),
            start == null ? Html.NOTHING : Html.of("Starts {}. ", when(start, now)),
            end == null ? Html.NOTHING : Html.of("Ends {}.", when(end, now)));
    return Html.of("<p class=\"queue\">{}</p>", words);
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
        second.toString().replace('T', ' ').replace("Z", " UTC"),
        at.isAfter(now) ? "in about " + Texts.length(Duration.between(now, at)) : "any moment");
  }
}
