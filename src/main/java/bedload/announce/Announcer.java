package bedload.announce;

import bedload.ledger.Announcements;
import bedload.ledger.Audiences;
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
  private final Announcements book;
  private final Audience audience;
  private final Turn turn;

  /**
   * @param node who tells; of several nodes one does at a time
   */
  public Announcer(Announcements book, Audiences audiences, Audience audience, String node) {
    this.book = book;
    this.audience = audience;
    this.turn =
        new Turn(audiences, audience.name(), "The %s of events".formatted(audience.name()), node);
  }

  /** Tells what is due, as much as the audience takes at once, and returns how much that was. */
  public int step() {
    if (!turn.isOurs()) {
      return 0;
    }
    List<Announcements.Due> due = book.due(audience.name(), audience.atOnce());
    if (due.isEmpty()) {
      return 0;
    }
    List<Notice> notices = due.stream().map(each -> StateChange.of(each.event())).toList();
    switch (audience.tell(notices)) {
      case Reception.Taken _ -> book.told(audience.name(), due);
      case Reception.Refused(String reason) -> due.forEach(each -> putOff(each, reason));
      case Reception.Absent(String reason) -> {
        turn.absent(reason);
        return 0;
      }
    }
    return due.size();
  }

  private void putOff(Announcements.Due refused, String reason) {
    String step =
        refused.event().job().status().wireName() + " of job " + refused.event().job().id();
    if (refused.refusals() >= Turn.MOST_REFUSALS) {
      LOG.warn("The {} of events is no longer told of {}. {}", audience.name(), step, reason);
      book.told(audience.name(), List.of(refused));
      return;
    }
    if (refused.refusals() == 0) {
      LOG.warn("The {} of events refuses {}, tried again. {}", audience.name(), step, reason);
    }
    book.putOff(audience.name(), refused, Turn.pause(refused.refusals()));
  }

  @Override
  public void close() {
    audience.close();
  }
}
