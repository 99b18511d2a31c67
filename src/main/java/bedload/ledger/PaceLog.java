package bedload.ledger;

import bedload.job.JobId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The book of how jobs went over their lives: points of a curve for each, so many that a curve can
 * be drawn and no more. Thread-safe; several nodes write it.
 */
public final class PaceLog {
  /** A longer curve has every second point taken out. */
  static final int MOST_POINTS = 240;

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * Opens the book of a database.
   *
   * @param clock the database's time, so that the points of all nodes are in order
   */
  public PaceLog(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** How many calls to a model are in flight, and how many may be. */
  public record InFlight(int calls, int limit) {}

  /**
   * A point of a job's curve.
   *
   * @param success records answered by then
   * @param error records failed by then
   * @param inFlight null if the node that wrote the point did not know
   */
  public record Point(Instant at, long success, long error, @Nullable InFlight inFlight) {}

  /** A job that runs, and the model that it calls. */
  private record Running(String id, String modelKey) {}

  // A job has a point every two seconds while it is young, and 120 of each age later.
  private static final String DUE =
      """
      select job.id, job.model_key
        from ledger.job
       where job.status in ('InProgress', 'Stopping')
         and job.started_at is not null
         and coalesce(
               (select max(at) from ledger.pace_point where job_id = job.id)
                 + greatest(interval '2 seconds', (cast(:now as timestamptz) - job.started_at) / 120)
                 <= :now,
               true)
       limit 1000
      """;

  // At the moment of the last count, which is some seconds ago at most while a job gets on: from
  // one
  // such moment to another a pace is right. Where nothing is counted the point says so by its time.
  private static final String WRITE =
      """
      insert into ledger.pace_point (job_id, at, success, error, in_flight, in_flight_limit)
      select :job,
             case when max(counted_at) > cast(:now as timestamptz) - interval '10 seconds'
                  then max(counted_at) else :now end,
             sum(success), sum(error), :calls, :limit
        from ledger.shard
       where job_id = :job
      having count(*) > 0
      on conflict do nothing
      """;

  private static final String THIN =
      """
      delete from ledger.pace_point
       where job_id = :job
         and (select count(*) from ledger.pace_point where job_id = :job) > :most
         and at in (select at
                      from (select at, row_number() over (order by at) as number
                              from ledger.pace_point
                             where job_id = :job) as numbered
                     where number % 2 = 0)
      """;

  /**
   * Writes a point for each running job that is due for one.
   *
   * @param inFlight the calls in flight of this node, by bare model id
   * @return how many were due
   */
  public int write(ModelCalls inFlight) {
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle -> {
          List<Running> due =
              handle
                  .createQuery(DUE)
                  .bind("now", now)
                  .map(
                      (row, context) ->
                          new Running(row.getString("id"), row.getString("model_key")))
                  .list();
          for (Running job : due) {
            InFlight calls = inFlight.of(job.modelKey());
            handle
                .createUpdate(WRITE)
                .bind("job", job.id())
                .bind("now", now)
                .bind("calls", calls == null ? null : calls.calls())
                .bind("limit", calls == null ? null : calls.limit())
                .execute();
            handle.createUpdate(THIN).bind("job", job.id()).bind("most", MOST_POINTS).execute();
          }
          return due.size();
        });
  }

  /** Tells of a model, by its bare id, the calls in flight; null if there is no such model. */
  @FunctionalInterface
  public interface ModelCalls {
    @Nullable InFlight of(String modelKey);
  }

  private static final String POINTS =
      """
      select at, success, error, in_flight, in_flight_limit
        from ledger.pace_point
       where job_id = :job
       order by at
      """;

  /** Returns a job's points in their order; whether the job is the caller's is not asked here. */
  public List<Point> points(JobId job) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(POINTS)
                .bind("job", job.value())
                .map(
                    (row, context) -> {
                      Integer calls = (Integer) row.getObject("in_flight");
                      Integer limit = (Integer) row.getObject("in_flight_limit");
                      return new Point(
                          JobRows.instant(row, "at"),
                          row.getLong("success"),
                          row.getLong("error"),
                          calls == null || limit == null ? null : new InFlight(calls, limit));
                    })
                .list());
  }

  /** What a day's jobs of a model have used. */
  public record DayOfModel(String day, String model, long tokens) {}

  private static final String TOKENS =
      """
      select to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD') as day, model_key,
             sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
                 + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0))::bigint as tokens
        from ledger.job
       where account = :account and region = :region
         and submitted_at >= cast(:since as timestamptz) - interval '7 days' and ended_at >= :since
       group by 1, 2
      having sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)) > 0
       order by 1, 2
      """;

  /** Returns the tokens of jobs that ended since, by day in UTC and bare model id. */
  public List<DayOfModel> tokens(String account, String region, Instant since) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(TOKENS)
                .bind("account", account)
                .bind("region", region)
                .bind("since", since)
                .map(
                    (row, context) ->
                        new DayOfModel(
                            row.getString("day"),
                            row.getString("model_key"),
                            row.getLong("tokens")))
                .list());
  }

  /**
   * What an account's jobs come to.
   *
   * @param recordsAMinute records done in the last minute, as far as points tell
   * @param tokensToday of jobs that ended today, in UTC
   * @param costToday of those; null if a price or tokens are missing of any
   */
  public record Today(long recordsAMinute, long tokensToday, @Nullable BigDecimal costToday) {}

  private static final String TODAY =
      """
      with mine as not materialized (
             select *
               from ledger.job
              where account = :account and region = :region),
           paced as (
             select coalesce(sum(greatest(0,
                      (select point.success + point.error
                         from ledger.pace_point as point
                        where point.job_id = mine.id
                        order by at desc
                        limit 1)
                      - coalesce(
                          (select point.success + point.error
                             from ledger.pace_point as point
                            where point.job_id = mine.id and at <= cast(:now as timestamptz) - interval '1 minute'
                            order by at desc
                            limit 1),
                          -- One that is younger than a minute began with nothing done.
                          case when mine.started_at <= cast(:now as timestamptz) - interval '1 minute'
                               then (select point.success + point.error
                                       from ledger.pace_point as point
                                      where point.job_id = mine.id
                                      order by at
                                      limit 1) end,
                          0))), 0)::bigint as records
               from mine
              where status in ('InProgress', 'Stopping')),
           ended as (
             select coalesce(sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
                      + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)), 0)::bigint as tokens,
                    case when count(*) filter (where success > 0 and (input_price is null or input_tokens is null or output_tokens is null)) = 0
                         then trim_scale(round(sum(ledger.cost(
                                input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
                                input_price, output_price, cache_read_price, cache_write_price)), 6)) end as cost
               from mine
              where submitted_at >= cast(:midnight as timestamptz) - interval '7 days' and ended_at >= :midnight)
      select paced.records, ended.tokens, ended.cost
        from paced
       cross join ended
      """;

  /** Returns what an account's jobs come to now and today. */
  public Today today(String account, String region, Instant midnight) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(TODAY)
                .bind("account", account)
                .bind("region", region)
                .bind("now", clock.instant())
                .bind("midnight", midnight)
                .map(
                    (row, context) ->
                        new Today(
                            row.getLong("records"),
                            row.getLong("tokens"),
                            row.getBigDecimal("cost")))
                .one());
  }
}
