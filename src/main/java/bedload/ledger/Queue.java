package bedload.ledger;

import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Price;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The choice of what runs next among the jobs that wait. Thread-safe; nodes choose one after
 * another, so that no two of them fill the same place.
 *
 * <p>First comes a job of whose time less than a tenth is left. Then the account with the fewest
 * running jobs, then the one that was served longest ago: an account with two hundred jobs and one
 * with a single one take turns, in whichever order they came. An account's own jobs go in the order
 * of their submission.
 */
public final class Queue {
  private static final int STARTS_AT_ONCE = 100;

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time, so that all nodes agree
   */
  public Queue(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  // The number means nothing but this queue.
  private static final String ONE_AT_A_TIME =
      """
      select pg_advisory_xact_lock(7206114095631)
      """;

  // A row that somebody else has locked is about to be stopped or failed: it is passed over.
  private static final String NEXT =
      """
      with busy as (
             select account, model_key
               from ledger.job
              where status in ('InProgress', 'Stopping') and started_at is not null),
           of_account as (select account, count(*) as running from busy group by account),
           of_model as (select model_key, count(*) as running from busy group by model_key)
      select job.id, job.model_id
        from ledger.job
        left join of_account on of_account.account = job.account
        left join of_model on of_model.model_key = job.model_key
       where job.status = 'Scheduled'
         and job.deadline > :now
         and coalesce(of_account.running, 0) < :perAccount
         and coalesce(of_model.running, 0) < :perModel
       order by (job.deadline - :now < (job.deadline - job.submitted_at) / 10) desc,
                coalesce(of_account.running, 0),
                (select max(served.started_at)
                   from ledger.job served
                  where served.account = job.account) nulls first,
                job.submitted_at,
                job.id
       limit 1
         for update of job skip locked
      """;

  /**
   * Starts every waiting job for which there is a place, each with its event, its shards and the
   * price that it begins under.
   *
   * @param prices what tokens cost now, by a model's id or ARN; empty if nobody said
   * @return how many were started, 100 at most
   */
  public int start(QueueLimits limits, Function<String, Optional<Price>> prices) {
    return jdbi.inTransaction(
        handle -> {
          handle.execute(ONE_AT_A_TIME);
          int started = 0;
          while (started < STARTS_AT_ONCE && startNext(handle, limits, prices)) {
            started++;
          }
          return started;
        });
  }

  /** A job whose turn has come. */
  private record Chosen(JobId id, String modelId) {}

  private boolean startNext(
      Handle handle, QueueLimits limits, Function<String, Optional<Price>> prices) {
    Instant now = clock.instant();
    return handle
        .createQuery(NEXT)
        .bind("now", now)
        .bind("perAccount", limits.runningPerAccount())
        .bind("perModel", limits.runningPerModel())
        .map((row, _) -> new Chosen(new JobId(row.getString("id")), row.getString("model_id")))
        .findOne()
        .map(chosen -> start(handle, chosen.id(), prices.apply(chosen.modelId()), now))
        .orElse(false);
  }

  private static final String SET_STARTED =
      """
      update ledger.job
         set started_at = :now,
             input_price = :input,
             output_price = :output,
             cache_read_price = :cacheRead,
             cache_write_price = :cacheWrite
       where id = :id
      """;

  /** Scheduled to InProgress, and every shard on the list; the job's row must be locked. */
  private static boolean start(Handle handle, JobId id, Optional<Price> price, Instant now) {
    handle
        .createUpdate(SET_STARTED)
        .bind("now", now)
        .bind("id", id.value())
        .bind("input", price.map(Price::input).orElse(null))
        .bind("output", price.map(Price::output).orElse(null))
        .bind("cacheRead", price.map(Price::cacheRead).orElse(null))
        .bind("cacheWrite", price.map(Price::cacheWrite).orElse(null))
        .execute();
    Steps.move(handle, id, JobStatus.SCHEDULED, JobStatus.IN_PROGRESS, null, now);
    Tasks.shardsDue(handle, id);
    // A plan may let no shard run at all: then the end comes at once.
    Shards.callForNextStepIfLast(handle, id, now);
    return true;
  }
}
