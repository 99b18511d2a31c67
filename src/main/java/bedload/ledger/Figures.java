package bedload.ledger;

import bedload.job.JobStatus;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Sums over the jobs of all accounts: for who runs the service, never for who uses it. */
public final class Figures {
  private final Jdbi jdbi;

  /** Opens the figures of a database. */
  public Figures(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The jobs of one status, and what became of their records. */
  public record InStatus(JobStatus status, long jobs, long success, long error) {}

  /**
   * Who waits for what, over all accounts.
   *
   * @param started jobs that have ever begun to run
   * @param waitedSeconds how long all of those together had waited for it since their submission
   * @param longestSeconds how long the oldest of those that wait now has waited; 0 if none waits
   * @param uncollected events of jobs that the catalog does not have yet
   * @param lagSeconds the age of the oldest of those; 0 if there is none
   * @param records records of jobs that were checked which have no outcome yet
   */
  public record Waiting(
      long started,
      double waitedSeconds,
      double longestSeconds,
      long uncollected,
      double lagSeconds,
      long records) {
    /** What is shown before anything was read. */
    public static final Waiting NONE = new Waiting(0, 0, 0, 0, 0, 0);
  }

  /** Both at one time. */
  public record Reading(List<InStatus> statuses, Waiting waiting) {
    public Reading {
      statuses = List.copyOf(statuses);
    }
  }

  /** Returns all figures; reads all jobs. */
  public Reading reading() {
    return new Reading(byStatus(), waits());
  }

  private static final String WAITS =
      """
      select count(started_at) as started,
             coalesce(sum(extract(epoch from started_at - submitted_at)), 0) as waited,
             coalesce(extract(epoch from now() - min(submitted_at)
               filter (where status in ('Submitted', 'Validating', 'Scheduled'))), 0) as longest,
             (select count(*) from ledger.job_event where not collected) as uncollected,
             coalesce(extract(epoch from now()
               - (select min(at) from ledger.job_event where not collected)), 0) as lag,
             (select coalesce(sum(records - success - error), 0)
                from ledger.shard
               where state in ('Ready', 'Running')) as records
        from ledger.job
      """;

  private Waiting waits() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(WAITS)
                .map(
                    (row, context) ->
                        new Waiting(
                            row.getLong("started"),
                            row.getDouble("waited"),
                            Math.max(0, row.getDouble("longest")),
                            row.getLong("uncollected"),
                            Math.max(0, row.getDouble("lag")),
                            row.getLong("records")))
                .one());
  }

  // Ended jobs have no shards any more; their figures stand in their own rows.
  private static final String BY_STATUS =
      """
      with live as (
           select job_id, sum(success)::bigint as success, sum(error)::bigint as error
             from ledger.shard
            group by job_id)
      select job.status, count(*) as jobs,
             sum(coalesce(live.success, job.success))::bigint as success,
             sum(coalesce(live.error, job.error))::bigint as error
        from ledger.job
        left join live on live.job_id = job.id
       group by job.status
      """;

  /** Returns the figures of each status that any job has; reads all jobs. */
  public List<InStatus> byStatus() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(BY_STATUS)
                .map(
                    (row, context) ->
                        new InStatus(
                            JobStatus.ofWireName(row.getString("status")),
                            row.getLong("jobs"),
                            row.getLong("success"),
                            row.getLong("error")))
                .list());
  }

  /** Comes back if the database answers; throws if it does not. */
  public void ping() {
    jdbi.useHandle(handle -> handle.execute("select 1"));
  }
}
