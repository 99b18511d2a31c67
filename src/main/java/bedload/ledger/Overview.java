package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What one account sees of all its jobs at a glance. Thread-safe. */
public final class Overview {
  private final Jdbi jdbi;

  /** Opens the overview of a database. */
  public Overview(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  private static final String COUNTS =
      """
      select status, count(*) as jobs
        from ledger.job
       where account = :account and region = :region
         and (submitted_at >= :since
              or status not in ('Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'))
       group by status
      """;

  /**
   * Returns how many jobs there are by status: those submitted since, and all that have not ended.
   */
  public Map<JobStatus, Long> counts(AccountId account, String region, Instant since) {
    Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(COUNTS)
                .bind("account", account.value())
                .bind("region", region)
                .bind("since", since)
                .map(
                    (row, context) ->
                        Map.entry(
                            JobStatus.ofWireName(row.getString("status")), row.getLong("jobs")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue())));
    return counts;
  }

  private static final String JOBS =
      JobRows.SELECT
          + """
           where job.account = :account and job.region = :region and job.id = any(:ids)
          """;

  /** Returns those of some jobs that are the account's, by id. */
  public Map<JobId, Job> jobs(AccountId account, String region, List<JobId> ids) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(JOBS)
                .bind("account", account.value())
                .bind("region", region)
                .bind("ids", ids.stream().map(JobId::value).toArray(String[]::new))
                .map(JobRows::map)
                .stream()
                .collect(Collectors.toMap(Job::id, job -> job)));
  }

  /** A status that a job had, and since when. */
  public record Step(JobStatus status, Instant at, @Nullable String message) {}

  private static final String STEPS =
      """
      select status, at, message
        from ledger.job_event
       where job_id = :job
       order by sequence
      """;

  /**
   * Returns the steps of a job in their order; whether the job is the caller's is not asked here.
   */
  public List<Step> steps(JobId job) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(STEPS)
                .bind("job", job.value())
                .map(
                    (row, context) ->
                        new Step(
                            JobStatus.ofWireName(row.getString("status")),
                            JobRows.instant(row, "at"),
                            row.getString("message")))
                .list());
  }

  private static final String MARK =
      """
      select (select max(submitted_at)::text
                from ledger.job
               where account = :account and region = :region)
             || '|' ||
             (select coalesce(string_agg(live.mark, ',' order by live.mark), '')
                from (select job.id || job.status || coalesce(sum(shard.success + shard.error), 0) || count(shard.pause) as mark
                        from ledger.job
                        left join ledger.shard on shard.job_id = job.id
                       where job.account = :account and job.region = :region
                         and job.status not in ('Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired')
                       group by job.id, job.status) live)
             || '|' ||
             (select coalesce(max(coalesce(rerun.ended_at, rerun.asked_at))::text, '')
                     || coalesce(sum(rerun.records) filter (where rerun.ended_at is null), 0)
                from ledger.rerun
                join ledger.job on job.id = rerun.job_id
               where job.account = :account and job.region = :region) as mark
      """;

  /**
   * Returns a text that is another as soon as anything that the account sees of its jobs is. It
   * reads only jobs that have not ended, so that it may be asked every second.
   */
  public String mark(AccountId account, String region) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(MARK)
                .bind("account", account.value())
                .bind("region", region)
                .map((row, context) -> String.valueOf(row.getString("mark")))
                .one());
  }
}
