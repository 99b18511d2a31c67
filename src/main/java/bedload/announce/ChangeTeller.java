package bedload.announce;

import bedload.catalog.ChangeFeed;
import bedload.catalog.ChangeFeed.Change;
import bedload.catalog.ChangeFeed.Start;
import bedload.catalog.Followers;
import bedload.ledger.Audiences;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells an audience of changes of the catalog, one after the other in their order. It waits at the
 * one that the audience does not take, so that an audience which is away makes nothing grow.
 */
public final class ChangeTeller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeTeller.class);

  /** The rest of a lease is longer than a call may take. */
  private static final Duration RENEW_AFTER = Audiences.LEASE.dividedBy(3);

  private final String name;
  private final Audiences audiences;
  private final Followers followers;
  private final ChangeFeed feed;
  private final Audience audience;
  private final InstantSource clock;
  private final Turn turn;
  private Instant turnBegan = Instant.MIN;
  private volatile boolean isClosing;

  /**
   * @param name under which its place is kept
   * @param node who tells; of several nodes one does at a time
   */
  public ChangeTeller(
      String name,
      Audiences audiences,
      Followers followers,
      ChangeFeed feed,
      Audience audience,
      InstantSource clock,
      String node) {
    this.name = name;
    this.audiences = audiences;
    this.followers = followers;
    this.feed = feed;
    this.audience = audience;
    this.clock = clock;
    this.turn =
        new Turn(
            audiences,
            bookName(name),
            "The %s of changes '%s'".formatted(audience.name(), name),
            node);
  }

  /** Returns the name under which the book of audiences knows it. */
  public static String bookName(String name) {
    return "changes/" + name;
  }

  /**
   * Tells a page of changes, as far as they are taken; returns 0 if there is nothing more to do.
   */
  public int step() {
    turnBegan = Instant.MIN;
    if (!isOurs()) {
      return 0;
    }
    Optional<Start> start = followers.start(name);
    if (start.isEmpty()) {
      return 0;
    }
    ChangeFeed.Page page = feed.after(start.get());
    int told = 0;
    for (Change change : page.changes()) {
      if (isClosing || !isOurs() || !tell(change)) {
        return told;
      }
      told++;
    }
    if (!page.end().equals(start.get())) {
      followers.move(name, page.end().position());
    }
    return page.isLast() ? told : Math.max(told, 1);
  }

  /** As long as the turn has just begun it need not be asked for. */
  private boolean isOurs() {
    Instant now = clock.instant();
    if (turnBegan.isAfter(now.minus(RENEW_AFTER))) {
      return true;
    }
    turnBegan = now;
    return turn.isOurs();
  }

  private boolean tell(Change change) {
    Reception reception = audience.tell(List.of(notice(change)));
    if (isClosing && !(reception instanceof Reception.Taken)) {
      return false; // The call was cut off, which is nobody's fault.
    }
    return switch (reception) {
      case Reception.Taken _ -> {
        followers.move(name, change.position());
        audiences.takes(bookName(name));
        yield true;
      }
      case Reception.Refused(String reason) -> {
        if (followers.refused(name) > Turn.MOST_REFUSALS) {
          LOG.warn(
              "The {} of changes '{}' is no longer told of revision {} of {}. {}",
              audience.name(),
              name,
              change.revision(),
              change.key(),
              reason);
          followers.move(name, change.position());
          audiences.takes(bookName(name));
          yield true;
        }
        turn.absent(
            "It refuses revision %d of %s: %s".formatted(change.revision(), change.key(), reason));
        yield false;
      }
      case Reception.Absent(String reason) -> {
        turn.absent(reason);
        yield false;
      }
    };
  }

  /** In the form that Standard Webhooks recommends. */
  private Notice notice(Change change) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "resource.changed");
    document.put("timestamp", change.at());
    document.put("data", change.document());
    String id =
        UUID.nameUUIDFromBytes(
                "%s/%s/%s/%d"
                    .formatted(name, change.table(), change.key(), change.revision())
                    .getBytes(StandardCharsets.UTF_8))
            .toString();
    return new Notice(id, JsonMapper.shared().writeValueAsString(document));
  }

  /** Cuts off the call that is under way: its change is told again at the next start. */
  @Override
  public void close() {
    isClosing = true;
    audience.close();
  }
}
