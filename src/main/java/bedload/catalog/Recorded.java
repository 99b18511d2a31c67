package bedload.catalog;

/** What became of an observation. */
public enum Recorded {
  /** The resource was not known. */
  NEW,
  /** The row changed, and what it was is now history. */
  CHANGED,
  /** All is as it was known; only the time of observation moved. */
  SAME,
  /** Something as new or newer is known already: nothing was written. */
  STALE
}
