package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.JobId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The tags of jobs. They are read and changed in every status, and long after a job's end.
 * Thread-safe.
 */
public final class Tags {
  /** How many tags a job may have. */
  public static final int MAX_PER_JOB = 50;

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time, so that all nodes agree
   */
  public Tags(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  private static final String OF_JOB =
      """
      select tag_keys, tag_values
        from ledger.job
       where id = :id and account = :account and region = :region
      """;

  /** Returns the tags of an account's job. */
  public TagResult of(AccountId account, String region, JobId id) {
    return jdbi.withHandle(
        handle ->
            read(handle, OF_JOB, account, region, id)
                .<TagResult>map(TagResult.Tagged::new)
                .orElseGet(TagResult.NotFound::new));
  }

  /** Adds tags to an account's job; a key that it has gets the new value. */
  public TagResult put(AccountId account, String region, JobId id, Map<String, String> tags) {
    return change(account, region, id, standing -> standing.putAll(tags));
  }

  /** Takes tags off an account's job; keys that it has not are no fault. */
  public TagResult remove(AccountId account, String region, JobId id, Collection<String> keys) {
    return change(account, region, id, standing -> standing.keySet().removeAll(keys));
  }

  private static final String LOCK = OF_JOB + "   for update";

  private TagResult change(
      AccountId account, String region, JobId id, Consumer<Map<String, String>> change) {
    return jdbi.inTransaction(
        handle -> {
          Optional<Map<String, String>> before = read(handle, LOCK, account, region, id);
          if (before.isEmpty()) {
            return new TagResult.NotFound();
          }
          Map<String, String> after = new LinkedHashMap<>(before.get());
          change.accept(after);
          if (after.size() > MAX_PER_JOB) {
            return new TagResult.TooMany(after.size());
          }
          if (!after.equals(before.get())) {
            write(handle, id, after);
            recordEvent(handle, id, clock.instant().truncatedTo(ChronoUnit.MILLIS));
          }
          return new TagResult.Tagged(after);
        });
  }

  private static Optional<Map<String, String>> read(
      Handle handle, String sql, AccountId account, String region, JobId id) {
    return handle
        .createQuery(sql)
        .bind("id", id.value())
        .bind("account", account.value())
        .bind("region", region)
        .map((row, _) -> JobRows.tags(row))
        .findOne();
  }

  private static final String WRITE =
      """
      update ledger.job
         set asked_tag_keys = coalesce(asked_tag_keys, tag_keys),
             asked_tag_values = coalesce(asked_tag_values, tag_values),
             tag_keys = :keys,
             tag_values = :values
       where id = :id
      """;

  private static void write(Handle handle, JobId id, Map<String, String> tags) {
    handle
        .createUpdate(WRITE)
        .bind("id", id.value())
        .bind("keys", tags.keySet().toArray(String[]::new))
        .bind("values", tags.values().toArray(String[]::new))
        .execute();
  }

  private static final String RECORD_EVENT =
      """
      insert into ledger.job_event (job_id, at, tagged_at, status, message, ended_at, total, success, error)
      select job.id, job.changed_at, :now, job.status, job.message, job.ended_at, job.total,
             coalesce(sum(shard.success), job.success), coalesce(sum(shard.error), job.error)
        from ledger.job
        left join ledger.shard on shard.job_id = job.id
       where job.id = :id
       group by job.id
      """;

  private static void recordEvent(Handle handle, JobId id, Instant now) {
    handle.createUpdate(RECORD_EVENT).bind("id", id.value()).bind("now", now).execute();
  }

  private static final String ASKED_FOR =
      """
      select coalesce(asked_tag_keys, tag_keys) as tag_keys, coalesce(asked_tag_values, tag_values) as tag_values
        from ledger.job
       where id = :id
      """;

  /** Returns the tags that a job was asked for with, whatever has become of them. */
  static Map<String, String> askedFor(Handle handle, JobId id) {
    return handle
        .createQuery(ASKED_FOR)
        .bind("id", id.value())
        .map((row, _) -> JobRows.tags(row))
        .one();
  }
}
