package bedload.work;

import java.time.Duration;

/** How long is waited before something that failed is tried again: twice as long each time. */
final class RetryPause {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 10;

  private RetryPause() {}

  /**
   * Returns the pause.
   *
   * @param failures in a row, before the next try
   */
  static Duration after(int failures) {
    Duration due = FIRST.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    return due.compareTo(LONGEST) < 0 ? due : LONGEST;
  }
}
