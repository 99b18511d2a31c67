package bedload.web.page;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.LengthText;
import bedload.job.RecordCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Small pieces that stand on several pages. */
final class Texts {
  private Texts() {}

  /** Returns a time as its age, with the time itself for whoever points at it. */
  static Html age(Instant at, Instant now) {
    Instant second = at.truncatedTo(ChronoUnit.SECONDS);
    return Html.of(
        "<time datetime=\"{}\" title=\"{}\">{} ago</time>",
        second,
        second(second),
        LengthText.of(Duration.between(at, now)));
  }

  /** Returns a time itself, in UTC unless the reader wants it otherwise. */
  static Html time(Instant at) {
    Instant second = at.truncatedTo(ChronoUnit.SECONDS);
    return Html.of("<time datetime=\"{}\" data-whole>{}</time>", second, second(second));
  }

  /** Returns a time to the second, as text. */
  static String second(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  /** Returns a status by its name, with a sign before it that needs no colour. */
  static Html status(JobStatus status) {
    return Html.of(
        "<span class=\"status {}\"><span aria-hidden=\"true\">{}</span> {}</span>",
        tone(status),
        sign(status),
        status.wireName());
  }

  /** As {@link #status(JobStatus)}, of a status that may be new. */
  static Html status(String wireName) {
    return known(wireName)
        .map(Texts::status)
        .orElseGet(() -> Html.of("<span class=\"status waits\">{}</span>", Html.foreign(wireName)));
  }

  private static Optional<JobStatus> known(String wireName) {
    return Stream.of(JobStatus.values())
        .filter(status -> status.wireName().equals(wireName))
        .findFirst();
  }

  static String tone(JobStatus status) {
    return switch (status) {
      case SUBMITTED, VALIDATING, SCHEDULED -> "waits";
      case IN_PROGRESS, STOPPING -> "runs";
      case COMPLETED -> "good";
      case PARTIALLY_COMPLETED, STOPPED, EXPIRED -> "short";
      case FAILED -> "bad";
    };
  }

  private static String sign(JobStatus status) {
    return switch (status) {
      case SUBMITTED, VALIDATING, SCHEDULED -> "○";
      case IN_PROGRESS, STOPPING -> "◐";
      case COMPLETED -> "✓";
      case PARTIALLY_COMPLETED, STOPPED, EXPIRED -> "◼";
      case FAILED -> "✕";
    };
  }

  /** Returns how much of a job is done, as a bar and in words. */
  static Html progress(JobStatus status, RecordCounts counts) {
    if (!counts.areKnown()) {
      return Html.of("<span class=\"quiet\">{}</span>", RecordCounts.unknown(status));
    }
    return Html.of(
        "<progress max=\"{}\" value=\"{}\" aria-label=\"Records done\"></progress> <span"
            + " class=\"number\">{} of {}</span>",
        counts.total(),
        counts.processed(),
        number(counts.processed()),
        number(counts.total()));
  }

  static String number(long number) {
    return "%,d".formatted(number);
  }

  /** Returns such as 950, 9.5k and 12M, where there is no room for all of it. */
  static String brief(long number) {
    double value = number;
    String unit = "";
    for (String next : List.of("k", "M", "G", "T")) {
      if (value < 999.5) {
        break;
      }
      value /= 1000;
      unit = next;
    }
    return (value < 9.95 && !unit.isEmpty() ? "%.1f" : "%.0f").formatted(value) + unit;
  }

  /** Returns how long a job took, or takes up to now; empty if it ended without having run. */
  static String took(String status, Instant submitted, @Nullable Instant end, Instant now) {
    if (end == null) {
      return known(status).map(JobStatus::isFinal).orElse(false)
          ? ""
          : LengthText.of(Duration.between(submitted, now));
    }
    return LengthText.of(Duration.between(submitted, end));
  }

  static String link(Job job) {
    return "/jobs/" + job.id();
  }
}
