package bedload.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * The service's own jobs as sources of the catalog, each account in each region by itself: what was
 * last taken of them, and up to when all is there. Thread-safe; several nodes share it.
 */
public final class OwnSources {
  private final Jdbi jdbi;
  private final InstantSource clock;

  public OwnSources(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * Own jobs of an account in a region. Counts are of the steps that were taken last.
   *
   * @param lastAttemptAt when steps of jobs were last taken; null before the first
   * @param lastSuccessAt the catalog has all up to this time
   * @param error why that is long ago; null if it is not
   * @param isRunning whether steps wait to be taken
   */
  public record Status(
      String account,
      String region,
      @Nullable Instant lastAttemptAt,
      Instant lastSuccessAt,
      int newRows,
      int changedRows,
      int unchangedRows,
      @Nullable String error,
      boolean isRunning) {}

  private static final String DECLARE =
      """
      insert into catalog_store.own_source (account, region)
      values (:account, :region)
      on conflict (account, region) do nothing
      """;

  /** Makes an account in a region a source, even before its first job. */
  public void declare(String account, String region) {
    jdbi.useHandle(
        handle ->
            handle.createUpdate(DECLARE).bind("account", account).bind("region", region).execute());
  }

  private static final String TAKE =
      """
      insert into catalog_store.own_source
             (account, region, last_attempt_at, new_rows, changed_rows, unchanged_rows)
      values (:account, :region, :now, :fresh, :changed, :same)
      on conflict (account, region) do update
         set last_attempt_at = excluded.last_attempt_at,
             new_rows = excluded.new_rows,
             changed_rows = excluded.changed_rows,
             unchanged_rows = excluded.unchanged_rows
      """;

  /** Notes what was taken, as part of the transaction that took it. */
  public void take(Handle handle, String account, String region, RecordedCounts counts) {
    handle
        .createUpdate(TAKE)
        .bind("account", account)
        .bind("region", region)
        .bind("now", clock.instant())
        .bindMethods(counts)
        .execute();
  }

  private static final String SEEN_BY =
      """
      select account, region, last_attempt_at, last_success_at, new_rows, changed_rows,
             unchanged_rows, error, is_running
        from catalog_store.own_source_now
       where account in (select account from catalog_store.reader where viewer = :viewer)
       order by account, region
      """;

  /** Returns those that an account's users may see, by account and region. */
  public List<Status> seenBy(String viewer) {
    return jdbi.withHandle(
        handle ->
            handle.createQuery(SEEN_BY).bind("viewer", viewer).map(OwnSources::status).list());
  }

  private static Status status(ResultSet row, StatementContext context) throws SQLException {
    OffsetDateTime attempt = row.getObject("last_attempt_at", OffsetDateTime.class);
    return new Status(
        row.getString("account"),
        row.getString("region"),
        attempt == null ? null : attempt.toInstant(),
        row.getObject("last_success_at", OffsetDateTime.class).toInstant(),
        row.getInt("new_rows"),
        row.getInt("changed_rows"),
        row.getInt("unchanged_rows"),
        row.getString("error"),
        row.getBoolean("is_running"));
  }
}
