package bedload.work;

import java.time.Duration;

/**
 * How nodes know that one of them is dead.
 *
 * @param every how often a node says that it lives
 * @param missedBeforeDead after so many silences its work is taken over
 */
public record Heartbeat(Duration every, int missedBeforeDead) {
  /** Half a minute: longer than a database takes to restart, shorter than anybody waits gladly. */
  public static final Heartbeat DEFAULT = new Heartbeat(Duration.ofSeconds(5), 6);

  public Heartbeat {
    // db-scheduler wants as much, and fewer would make a hiccup a death.
    if (missedBeforeDead < 4 || every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException(
          "A heartbeat needs a time between beats and at least 4 that may be missed, not %s and %d"
              .formatted(every, missedBeforeDead));
    }
  }

  /** Returns after how long a silent node's work is taken over. */
  Duration takeOver() {
    return every.multipliedBy(missedBeforeDead);
  }

  /** Returns how long a proof of a lease is good for: well below the time of a take-over. */
  Duration proofTerm() {
    return takeOver().dividedBy(2);
  }
}
