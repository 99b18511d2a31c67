package bedload.catalog;

/**
 * What became of observations.
 *
 * @param fresh resources that were not known
 * @param changed resources that had become otherwise
 * @param same resources of which all was known
 * @param stale observations as new as, or older than, what is known; nothing was written
 */
public record RecordedCounts(int fresh, int changed, int same, int stale) {
  /** No observation at all. */
  public static final RecordedCounts NONE = new RecordedCounts(0, 0, 0, 0);

  /** Returns the sum. */
  public RecordedCounts plus(RecordedCounts other) {
    return new RecordedCounts(
        fresh + other.fresh, changed + other.changed, same + other.same, stale + other.stale);
  }

  /** Returns what became of the one observation that was counted. */
  Recorded onlyOne() {
    if (fresh + changed + same + stale != 1) {
      throw new IllegalStateException("Not one observation: " + this);
    }
    if (fresh == 1) {
      return Recorded.NEW;
    }
    return changed == 1 ? Recorded.CHANGED : same == 1 ? Recorded.SAME : Recorded.STALE;
  }
}
