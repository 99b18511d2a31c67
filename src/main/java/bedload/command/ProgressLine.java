package bedload.command;

import bedload.job.JobStatus;
import bedload.job.LengthText;
import bedload.job.RecordCounts;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * How far a job is: one line that is written over on a terminal, and a line at every change of
 * status, but no more than one in two seconds otherwise, where nobody watches. Not thread-safe.
 */
final class ProgressLine {
  private static final Duration PAUSE_IN_A_PIPE = Duration.ofSeconds(2);
  private static final int BAR_LENGTH = 24;

  private final PrintWriter out;
  private final boolean isWatched;

  /** What was done when this watch began is no work of the time since. */
  private long doneBefore;

  private String lastStatus = "";
  private Duration lastWritten = Duration.ZERO;
  private int lastLength;

  ProgressLine(PrintWriter out, boolean isWatched) {
    this.out = out;
    this.isWatched = isWatched;
  }

  /** Tells how things stand so long after the beginning. */
  void show(String status, RecordCounts counts, Duration elapsed) {
    boolean isNews = !status.equals(lastStatus);
    if (lastStatus.isEmpty()) {
      doneBefore = counts.processed();
    }
    String text = text(status, counts, counts.processed() - doneBefore, elapsed);
    if (isWatched) {
      // A line that wraps could not be written over.
      text = start(bar(counts) + text, Terminal.columns() - 1);
      out.print("\r" + text + " ".repeat(Math.max(0, lastLength - text.length())));
      out.flush();
      lastLength = text.length();
    } else if (isNews || elapsed.minus(lastWritten).compareTo(PAUSE_IN_A_PIPE) >= 0) {
      out.println(text);
      lastWritten = elapsed;
    }
    lastStatus = status;
  }

  /** Leaves the last state standing; what is written next begins a new line. */
  void end() {
    if (isWatched) {
      out.println();
    }
  }

  private static String start(String text, int length) {
    return text.substring(0, Math.min(length, text.length()));
  }

  /** Returns how much is done as a bar; no record, no bar. */
  static String bar(RecordCounts counts) {
    if (!counts.areKnown()) {
      return "";
    }
    int done = (int) (counts.processed() * BAR_LENGTH / counts.total());
    return "  [%s%s] %3d %%"
        .formatted(
            "=".repeat(done),
            " ".repeat(BAR_LENGTH - done),
            counts.processed() * 100 / counts.total());
  }

  /**
   * @param done records that were done within the time
   */
  static String text(String status, RecordCounts counts, long done, Duration elapsed) {
    if (!counts.areKnown()) {
      return "  %-12s records %s  %s"
          .formatted(
              status, RecordCounts.unknown(JobStatus.ofWireName(status)), LengthText.of(elapsed));
    }
    double seconds = elapsed.toMillis() / 1000.0;
    double rate = seconds == 0 ? 0 : done / seconds;
    long left = counts.total() - counts.processed();
    return "  %-12s %,d of %,d records  %,.0f records/s  %,d errors  %s%s"
        .formatted(
            status,
            counts.processed(),
            counts.total(),
            rate,
            counts.error(),
            LengthText.of(elapsed),
            rate == 0 || left == 0
                ? ""
                : "  about %s left"
                    .formatted(LengthText.of(Duration.ofMillis((long) (left / rate * 1000)))));
  }
}
