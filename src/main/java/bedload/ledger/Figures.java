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

  private static final String WAITING =
      """
      select coalesce(sum(records - success - error), 0)
        from ledger.shard
       where state in ('Ready', 'Running')
      """;

  /** Returns how many records of jobs that were checked have no outcome yet. */
  public long waiting() {
    return jdbi.withHandle(handle -> handle.createQuery(WAITING).mapTo(Long.class).one());
  }

  /** Comes back if the database answers; throws if it does not. */
  public void ping() {
    jdbi.useHandle(handle -> handle.execute("select 1"));
  }
}
