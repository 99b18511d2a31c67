package bedload.announce;

import bedload.ledger.Announcements;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an audience of steps, the oldest first, those of one job in their order. An audience that
 * takes nothing is tried again after ever longer pauses; a step that it refuses holds up the later
 * ones of its job only.
 */
public final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int LONGEST_DOUBLING = 9;

  /** About a day of pauses. */
  private static final int MOST_REFUSALS = 300;

  private final Announcements book;
  private final Audience audience;
  private final String node;

  /**
   * @param node who tells; of several nodes one does at a time
   */
  public Announcer(Announcements book, Audience audience, String node) {
    this.book = book;
    this.audience = audience;
    this.node = node;
  }

  /** Tells what is due, as much as the audience takes at once, and returns how much that was. */
  public int step() {
    if (!book.lease(audience.name(), node)) {
      return 0;
    }
    List<Announcements.Due> due = book.due(audience.name(), audience.atOnce());
    if (due.isEmpty()) {
      return 0;
    }
    List<StateChange> changes = due.stream().map(each -> StateChange.of(each.event())).toList();
    switch (audience.tell(changes)) {
      case Reception.Taken _ -> book.told(audience.name(), due);
      case Reception.Refused(String reason) -> due.forEach(each -> putOff(each, reason));
      case Reception.Absent(String reason) -> {
        int failures = book.failures(audience.name());
        Duration pause = pause(failures);
        if (failures == 0) {
          LOG.warn(
              "The {} of events takes nothing and is tried again in {} s. {}",
              audience.name(),
              pause.toSeconds(),
              reason);
        }
        book.putOff(audience.name(), pause);
        return 0;
      }
    }
    return due.size();
  }

  private void putOff(Announcements.Due refused, String reason) {
    String step =
        refused.event().job().status().wireName() + " of job " + refused.event().job().id();
    if (refused.refusals() >= MOST_REFUSALS) {
      LOG.warn("The {} of events is no longer told of {}. {}", audience.name(), step, reason);
      book.told(audience.name(), List.of(refused));
      return;
    }
    if (refused.refusals() == 0) {
      LOG.warn("The {} of events refuses {}, tried again. {}", audience.name(), step, reason);
    }
    book.putOff(audience.name(), refused, pause(refused.refusals()));
  }

  private Duration pause(int failures) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, LONGEST_DOUBLING));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  @Override
  public void close() {
    audience.close();
  }
}
