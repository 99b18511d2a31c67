package bedload.work;

import bedload.job.TokenUsage;
import java.time.Duration;

/** Counts what this node does for jobs. Thread-safe. */
public interface WorkMeter {
  /** Counts nothing. */
  WorkMeter NONE =
      new WorkMeter() {
        @Override
        public void segmentWritten(long sizeBytes, TokenUsage tokens, Duration took) {}

        @Override
        public void journalForced(Duration took) {}
      };

  /**
   * A segment is durable and counts.
   *
   * @param tokens of its answers; each answer is in one segment only
   * @param took the object and its row together
   */
  void segmentWritten(long sizeBytes, TokenUsage tokens, Duration took);

  /** What was appended to a journal is on the disk. */
  void journalForced(Duration took);
}
