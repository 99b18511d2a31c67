package bedload.model;

import java.time.Duration;

/**
 * How long a record's call is made again before the record fails.
 *
 * @param silences after this many calls without a usable reply no further is made
 * @param overload calls refused for load are made again for so long; they cost the server little
 * @param firstPause the pause after the first fruitless call; it doubles with each further one
 * @param longestPause what the pause doubles up to
 */
public record Patience(
    int silences, Duration overload, Duration firstPause, Duration longestPause) {
  /** Five calls without a usable reply, or half an hour of overload. */
  public static final Patience DEFAULT =
      new Patience(5, Duration.ofMinutes(30), Duration.ofMillis(250), Duration.ofSeconds(30));

  public Patience {
    if (silences < 1 || overload.isNegative() || firstPause.compareTo(longestPause) > 0) {
      throw new IllegalArgumentException(
          "Patience needs silences >= 1, overload >= 0 and firstPause <= longestPause, not %d, %s, %s, %s"
              .formatted(silences, overload, firstPause, longestPause));
    }
  }

  /**
   * Returns the longest pause after the {@code fruitless}-th fruitless call, before chance shortens
   * it.
   */
  Duration pauseAfter(int fruitless) {
    // 2^20 first pauses are beyond any longest one, and do not overflow.
    Duration doubled = firstPause.multipliedBy(1L << Math.min(fruitless - 1, 20));
    return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
  }
}
