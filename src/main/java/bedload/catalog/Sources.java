package bedload.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the catalog collects from, and how that goes: each account in each region by itself, so
 * that trouble in one is not the others'. Who collects a source holds a lease of it. Thread-safe;
 * several nodes share it.
 */
public final class Sources {
  /** A holder that gave no sign for so long is dead: a page takes seconds even when throttled. */
  private static final Duration LEASE = Duration.ofMinutes(3);

  private static final Duration FIRST_WAIT_AFTER_ERROR = Duration.ofMinutes(1);

  private final Jdbi jdbi;
  private final InstantSource clock;

  public Sources(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * A source as settings name it.
   *
   * @param origin aws, or the URL of another service
   * @param every how often it is collected when nobody asks
   */
  public record Declared(String account, String region, String origin, Duration every) {}

  private static final String RETIRE =
      """
      update catalog_store.source
         set is_declared = false
       where is_declared
      """;

  private static final String DECLARE =
      """
      insert into catalog_store.source as known (account, region, origin, every, next_at)
      values (:account, :region, :origin, :every, :now)
      on conflict (account, region) do update
         set origin = excluded.origin,
             every = excluded.every,
             is_declared = true,
             next_at = least(known.next_at, excluded.next_at + excluded.every)
      """;

  private static final String LET_GO =
      """
      update catalog_store.source
         set holder = null,
             held_until = null
       where holder = :holder
      """;

  /**
   * Makes these the sources; what others had brought is kept, and collected no more.
   *
   * @param holder who has just started, and holds nothing that it held in an earlier life
   */
  public void declare(String holder, List<Declared> sources) {
    jdbi.useTransaction(
        handle -> {
          handle.execute(RETIRE);
          handle.createUpdate(LET_GO).bind("holder", holder).execute();
          for (Declared source : sources) {
            handle
                .createUpdate(DECLARE)
                .bind("account", source.account())
                .bind("region", source.region())
                .bind("origin", source.origin())
                .bind("every", source.every())
                .bind("now", clock.instant())
                .execute();
          }
        });
  }

  private static final String CLAIM =
      """
      update catalog_store.source as claimed
         set holder = :holder,
             held_until = :until,
             last_attempt_at = :now
        from (select account, region
                from catalog_store.source
               where is_declared
                 and next_at <= :now
                 and (held_until is null or held_until <= :now)
               order by next_at
               limit 1
                 for update skip locked) as due
       where claimed.account = due.account
         and claimed.region = due.region
      returning claimed.account, claimed.region
      """;

  /** Takes the source that has been due for longest; empty if none is that nobody else has. */
  public Optional<SourceLease> claimDue(String holder) {
    Instant now = inMicroseconds(clock.instant());
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(CLAIM)
                .bind("holder", holder)
                .bind("now", now)
                .bind("until", now.plus(LEASE))
                .map(
                    (row, _) ->
                        new SourceLease(
                            row.getString("account"), row.getString("region"), holder, now))
                .findOne());
  }

  /** PostgreSQL keeps no finer ones, and the lease is compared with what it kept. */
  private static Instant inMicroseconds(Instant time) {
    return Instant.ofEpochSecond(time.getEpochSecond(), time.getNano() / 1000 * 1000L);
  }

  private static final String KEEP =
      """
      update catalog_store.source
         set held_until = :until
       where account = :account
         and region = :region
         and holder = :holder
         and last_attempt_at = :since
         and held_until is not null
      """;

  /**
   * Gives a sign of life as part of the caller's transaction, which must not commit if this is
   * false: another has the source by now.
   */
  public boolean keep(Handle handle, SourceLease lease) {
    return handle
            .createUpdate(KEEP)
            .bind("until", clock.instant().plus(LEASE))
            .bindMethods(lease)
            .execute()
        > 0;
  }

  private static final String FINISH =
      """
      update catalog_store.source
         set holder = null,
             held_until = null,
             took = :took,
             new_rows = :fresh,
             changed_rows = :changed,
             unchanged_rows = :same,
             calls = :calls,
             throttled_calls = :throttled,
             error = :error,
             failures = case when cast(:error as text) is null then 0 else failures + 1 end,
             last_success_at =
               case when cast(:error as text) is null then :now else last_success_at end,
             next_at =
               case when asked_at > :since then cast(:now as timestamptz)
                    when cast(:error as text) is null then cast(:now as timestamptz) + every
                    else cast(:now as timestamptz)
                         + least(every, cast(:wait as interval) * power(2, least(failures, 10)))
                    end
       where account = :account
         and region = :region
         and holder = :holder
         and last_attempt_at = :since
      """;

  /** Ends a sync. If another has the source by now, what it says holds. */
  public void finish(SourceLease lease, SyncOutcome outcome) {
    Instant now = inMicroseconds(clock.instant());
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(FINISH)
                .bindMethods(lease)
                .bindMethods(outcome.counts())
                .bind("calls", outcome.calls())
                .bind("throttled", outcome.throttled())
                .bind("error", outcome.error())
                .bind("now", now)
                .bind("took", Duration.between(lease.since(), now))
                .bind("wait", FIRST_WAIT_AFTER_ERROR)
                .execute());
  }

  private static final String CURSOR =
      """
      select reached, full_at
        from catalog_store.source_cursor
       where account = :account
         and region = :region
         and table_name = :table
      """;

  /** Returns how far the listing of a type has come. */
  public SourceCursor cursor(SourceLease lease, ResourceType type) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery(CURSOR)
                    .bindMethods(lease)
                    .bind("table", type.table())
                    .map((row, _) -> new SourceCursor(time(row, "reached"), time(row, "full_at")))
                    .findOne())
        .orElse(new SourceCursor(null, null));
  }

  private static final String MOVE =
      """
      insert into catalog_store.source_cursor as known
             (account, region, table_name, reached, full_at)
      values (:account, :region, :table, :reached, :full_at)
      on conflict (account, region, table_name) do update
         set reached = greatest(known.reached, excluded.reached),
             full_at = greatest(known.full_at, excluded.full_at)
      """;

  /** Moves the cursor on as part of the caller's transaction; it never goes back. */
  public void move(Handle handle, SourceLease lease, ResourceType type, SourceCursor to) {
    handle
        .createUpdate(MOVE)
        .bindMethods(lease)
        .bind("table", type.table())
        .bind("reached", to.reached())
        .bind("full_at", to.fullAt())
        .execute();
  }

  private static final String ASK =
      """
      update catalog_store.source
         set next_at = :now,
             asked_at = :now
       where is_declared
         and (cast(:account as text) is null or account = :account)
         and (cast(:region as text) is null or region = :region)
         and account in (select account from catalog_store.reader where viewer = :viewer)
      returning account
      """;

  /**
   * Makes sources due at once and returns since when; empty if there are none, or none that the
   * viewer may see.
   *
   * @param viewer the account that asks
   * @param account null for every account
   * @param region null for every region
   */
  public Optional<Instant> syncNow(
      String viewer, @Nullable String account, @Nullable String region) {
    Instant now = inMicroseconds(clock.instant());
    List<String> asked =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(ASK)
                    .bind("now", now)
                    .bind("viewer", viewer)
                    .bind("account", account)
                    .bind("region", region)
                    .mapTo(String.class)
                    .list());
    return asked.isEmpty() ? Optional.empty() : Optional.of(now);
  }

  private static final String SEEN_BY =
      """
      select account, region, origin, extract(epoch from every)::bigint as every_seconds,
             last_attempt_at, last_success_at,
             (extract(epoch from took) * 1000)::bigint as took_millis,
             new_rows, changed_rows, unchanged_rows, calls, throttled_calls, error, asked_at,
             coalesce(held_until > :now, false) as is_running, next_at
        from catalog_store.source
       where is_declared
         and account in (select account from catalog_store.reader where viewer = :viewer)
       order by account, region
      """;

  /** Returns the sources that an account's users may see, by account and region. */
  public List<SourceStatus> seenBy(String viewer) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SEEN_BY)
                .bind("now", clock.instant())
                .bind("viewer", viewer)
                .map(Sources::status)
                .list());
  }

  private static SourceStatus status(ResultSet row, StatementContext context) throws SQLException {
    Long tookMillis = row.getObject("took_millis", Long.class);
    return new SourceStatus(
        row.getString("account"),
        row.getString("region"),
        row.getString("origin"),
        Duration.ofSeconds(row.getLong("every_seconds")),
        time(row, "last_attempt_at"),
        time(row, "last_success_at"),
        tookMillis == null ? null : Duration.ofMillis(tookMillis),
        row.getInt("new_rows"),
        row.getInt("changed_rows"),
        row.getInt("unchanged_rows"),
        row.getInt("calls"),
        row.getInt("throttled_calls"),
        row.getString("error"),
        time(row, "asked_at"),
        row.getBoolean("is_running"),
        row.getObject("next_at", OffsetDateTime.class).toInstant());
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
