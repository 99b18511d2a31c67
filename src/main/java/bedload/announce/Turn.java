package bedload.announce;

import bedload.ledger.Audiences;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a node tells an audience: while no other node does, and while the audience takes anything;
 * one that does not is tried again after ever longer pauses.
 */
final class Turn {
  private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int LONGEST_DOUBLING = 9;

  /** About a day of pauses. */
  static final int MOST_REFUSALS = 300;

  private final Audiences book;
  private final String audience;
  private final String told;
  private final String node;

  /**
   * @param audience its name in the book
   * @param told what the log calls it
   */
  Turn(Audiences book, String audience, String told, String node) {
    this.book = book;
    this.audience = audience;
    this.told = told;
    this.node = node;
  }

  /** Returns whether it is this node's for the time of a lease from now on. */
  boolean isOurs() {
    return book.lease(audience, node);
  }

  /** Notes that the audience takes nothing at present. */
  void absent(String reason) {
    int failures = book.failures(audience);
    Duration pause = pause(failures);
    if (failures == 0) {
      LOG.warn("{} takes nothing and is tried again in {} s. {}", told, pause.toSeconds(), reason);
    }
    book.putOff(audience, pause);
  }

  /** Returns how long to wait after so many failures before. */
  static Duration pause(int failures) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, LONGEST_DOUBLING));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
