package bedload.catalog;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * The resources of a type that are known and have not come to rest: what has to be looked at again
 * though nothing new is listed. Thread-safe.
 */
public final class Unfinished {
  /** More are not looked at singly; they are listed again. */
  public static final int MOST = 1000;

  /** What was not seen for so long is gone at its provider, and stays as it was last seen. */
  private static final Duration GIVEN_UP_AFTER = Duration.ofDays(30);

  private final Jdbi jdbi;
  private final String before;
  private final String between;

  Unfinished(Jdbi jdbi, ResourceType type) {
    this.jdbi = jdbi;
    String store = new StoreTable(type).current();
    String account = Sql.name(type.columnFrom(Origin.Account.class).name());
    CollectPlan plan = type.collect();
    String age =
        Sql.name(
            type.storedColumn(plan.incremental().map(CollectPlan.Incremental::column).orElseThrow())
                .orElseThrow()
                .name());
    String key =
        plan.get()
            .map(lookup -> Sql.name(type.storedColumn(lookup.call().column()).orElseThrow().name()))
            .orElse("null::text");
    String status = Sql.name(type.statusColumn().name());
    String rest =
        type.terminal().values().stream()
            .map(Sql::literal)
            .reduce((a, b) -> a + ", " + b)
            .orElse("null");
    this.before =
        """
        select %s, %s
          from %s
         where %s = :account
           and _region = :region
           and %s < :before
           and %s not in (%s)
           and _observed_at > :seen_since
         order by 2
         limit %d
        """
            .formatted(key, age, store, account, age, status, rest, MOST + 1);
    this.between =
        """
        select count(*)
          from %s
         where %s = :account
           and _region = :region
           and %s >= :from
           and %s < :before
        """
            .formatted(store, account, age, age);
  }

  /**
   * One such resource.
   *
   * @param key what its provider is asked for it by
   * @param at its age, as the provider counts it
   */
  public record Resource(String key, Instant at) {}

  /** Returns those from before a time, the oldest first; at most one more than {@link #MOST}. */
  public List<Resource> before(String account, String region, Instant before, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(this.before)
                .bind("account", account)
                .bind("region", region)
                .bind("before", before)
                .bind("seen_since", now.minus(GIVEN_UP_AFTER))
                .map(
                    (row, _) ->
                        new Resource(
                            row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant()))
                .list());
  }

  /** Returns how many resources, finished or not, are known from a span of time. */
  public int countBetween(String account, String region, Instant from, Instant before) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(between)
                .bind("account", account)
                .bind("region", region)
                .bind("from", from)
                .bind("before", before)
                .mapTo(Integer.class)
                .one());
  }
}
