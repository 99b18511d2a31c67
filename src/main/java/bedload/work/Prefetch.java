package bedload.work;

import bedload.job.InputRecord;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The records of a shard that were read ahead: the one that seems to take longest goes first, and
 * of equals the one that was read first. So what is left for the end is short, and the last calls
 * of a job end together instead of one long after the others. Records that all seem alike keep
 * their order. For one thread.
 */
final class Prefetch {
  /** Several times the calls that are in flight at most servers. */
  static final int MOST_RECORDS = 4_096;

  /** Sixteen shards run at once, and each holds so much. */
  static final long MOST_BYTES = 2L << 20;

  /**
   * A record that waits for its call.
   *
   * @param ordinal within the shard
   */
  record Waiting(InputRecord record, int ordinal, int length) {}

  private static final Comparator<Waiting> LONGEST_FIRST =
      Comparator.comparingInt(Waiting::length).reversed().thenComparingInt(Waiting::ordinal);

  private static final Comparator<Waiting> AS_READ = Comparator.comparingInt(Waiting::ordinal);

  private final PriorityQueue<Waiting> waiting;
  private long bytes;

  /**
   * @param longestFirst no: they go in the order in which they were read
   */
  Prefetch(boolean longestFirst) {
    this.waiting = new PriorityQueue<>(longestFirst ? LONGEST_FIRST : AS_READ);
  }

  /** Says whether another record should be read before one is handed out. */
  boolean hasRoom() {
    return waiting.size() < MOST_RECORDS && bytes < MOST_BYTES;
  }

  void add(InputRecord record, int ordinal) {
    waiting.add(new Waiting(record, ordinal, LengthGuess.of(record.modelInput())));
    bytes += record.modelInput().length;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes the next record out, of which there has to be one. */
  Waiting next() {
    Waiting next = waiting.remove();
    bytes -= next.record().modelInput().length;
    return next;
  }
}
