package bedload.catalog;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Resources that a provider announced a change of, until somebody has asked for them. An event that
 * comes twice is one. Thread-safe; several nodes share it.
 */
public final class ResourceEvents {
  /** Whoever took one and did not say what came of it is dead. */
  private static final Duration TERM = Duration.ofMinutes(1);

  /** The next sync looks at the resource all the same. */
  private static final int MOST_ATTEMPTS = 5;

  private final Jdbi jdbi;
  private final InstantSource clock;

  public ResourceEvents(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * A change that was announced.
   *
   * @param table the table of the resource
   * @param key what the provider is asked for the resource by
   */
  public record Announced(String table, String key, String account, String region) {}

  /** An announcement that somebody is to look into. */
  public record Taken(Announced event, Instant receivedAt) {}

  private static final String ACCEPT =
      """
      insert into catalog_store.resource_event
             (table_name, resource_key, account, region, received_at, not_before)
      select :table, :key, source.account, source.region, :now, :now
        from catalog_store.source
       where source.is_declared
         and source.account = :account
         and source.region = :region
         and (cast(:viewer as text) is null
              or source.account in
                 (select account from catalog_store.reader where viewer = :viewer))
      on conflict (table_name, resource_key) do update
         set received_at = excluded.received_at,
             not_before = excluded.not_before,
             attempts = 0
      """;

  /**
   * Puts an event down and returns whether it is of a source that is collected, and that the viewer
   * may see.
   *
   * @param viewer the account that brings it
   */
  public boolean accept(String viewer, Announced event) {
    return put(event, viewer);
  }

  /** As {@link #accept}, from a queue that the settings name. */
  public boolean acceptFromQueue(Announced event) {
    return put(event, null);
  }

  private boolean put(Announced event, @Nullable String viewer) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(ACCEPT)
                    .bindMethods(event)
                    .bind("viewer", viewer)
                    .bind("now", Sources.inMicroseconds(clock.instant()))
                    .execute())
        > 0;
  }

  private static final String TAKE =
      """
      update catalog_store.resource_event as taken
         set not_before = :until,
             attempts = attempts + 1
        from (select table_name, resource_key
                from catalog_store.resource_event
               where not_before <= :now
               order by not_before
               limit :most
                 for update skip locked) as due
       where taken.table_name = due.table_name
         and taken.resource_key = due.resource_key
      returning taken.table_name, taken.resource_key, taken.account, taken.region, taken.received_at
      """;

  /** Takes events that nobody else has, the oldest first. */
  public List<Taken> take(int most) {
    Instant now = clock.instant();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(TAKE)
                .bind("now", now)
                .bind("until", now.plus(TERM))
                .bind("most", most)
                .map(
                    (row, _) ->
                        new Taken(
                            new Announced(
                                row.getString("table_name"),
                                row.getString("resource_key"),
                                row.getString("account"),
                                row.getString("region")),
                            row.getObject("received_at", OffsetDateTime.class).toInstant()))
                .list());
  }

  private static final String DONE =
      """
      delete from catalog_store.resource_event
       where table_name = :table
         and resource_key = :key
         and received_at = :received_at
      """;

  /** Forgets an event that was looked into; one that came again since stays. */
  public void done(Taken taken) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(DONE)
                .bindMethods(taken.event())
                .bind("received_at", taken.receivedAt())
                .execute());
  }

  private static final String GIVE_UP =
      """
      delete from catalog_store.resource_event
       where attempts >= :most
         and not_before <= :now
      """;

  /** Forgets what was looked into in vain again and again. */
  public void giveUp() {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(GIVE_UP)
                .bind("most", MOST_ATTEMPTS)
                .bind("now", clock.instant())
                .execute());
  }
}
