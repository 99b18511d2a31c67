package bedload.work;

import bedload.job.S3Uri;
import java.util.LinkedHashMap;
import java.util.Map;

/** The segments that a job has lost for good. For one thread. */
final class Losses {
  private final Map<S3Uri, LostSegment> lost = new LinkedHashMap<>();
  private long records;

  /** Adds a segment; returns false if it was there already. */
  boolean add(LostSegment segment) {
    boolean isNew = lost.putIfAbsent(segment.object(), segment) == null;
    records += isNew ? segment.records() : 0;
    return isNew;
  }

  /** Says whether the segment at that place is lost. */
  boolean include(S3Uri object) {
    return lost.containsKey(object);
  }

  /** Returns how many records they held. */
  long records() {
    return records;
  }

  /**
   * Returns what the job's owner should know and do.
   *
   * @param total how many records the job has
   */
  String sentence(long total) {
    LostSegment first = lost.values().iterator().next();
    String others = lost.size() == 1 ? "" : ", and %d more objects".formatted(lost.size() - 1);
    return ("The answers of %d of %d records are lost: the object store does not give back what was written to it, %s of %d records%s. "
            + "It was asked for %d minutes. "
            + "The output holds all other answers. "
            + "The lost ones were paid for once and are not asked for again by themselves: "
            + "to pay for them again, submit a job of the records that the output lacks. "
            + "The store's last word: %s")
        .formatted(
            records,
            total,
            first.object(),
            first.records(),
            others,
            StorePatience.TERM.toMinutes(),
            first.getMessage());
  }
}
