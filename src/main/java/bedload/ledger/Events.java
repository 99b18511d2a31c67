package bedload.ledger;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The steps of all jobs, and changes of their tags, that the catalog has not taken yet. Both
 * methods work inside the caller's transaction: what was taken is marked together with what was
 * made of it, or neither is.
 */
public final class Events {
  private Events() {}

  private static final String UNCOLLECTED =
      """
      select event.sequence, event.status as event_status, event.message as event_message, event.at as event_at,
             event.ended_at as event_ended_at, event.tagged_at as event_tagged_at, event.total as event_total, event.success as event_success,
             event.error as event_error, job.*
        from (select *
                from ledger.job_event
               where not collected
               order by sequence
               limit :limit
                 for update) event
        join ledger.job on job.id = event.job_id
       order by event.sequence
      """;

  /** Returns the oldest uncollected events, locked until the transaction ends. */
  public static List<JobEvent> uncollected(Handle handle, int limit) {
    return handle.createQuery(UNCOLLECTED).bind("limit", limit).map(Events::map).list();
  }

  /** Reads the columns that {@link #UNCOLLECTED} names. */
  static JobEvent map(ResultSet row, StatementContext context) throws SQLException {
    Job now = JobRows.map(row, context);
    return new JobEvent(
        row.getLong("sequence"),
        new Job(
            now.id(),
            now.account(),
            now.region(),
            now.spec(),
            JobStatus.ofWireName(row.getString("event_status")),
            row.getString("event_message"),
            now.submitTime(),
            JobRows.instant(row, "event_at"),
            JobRows.instantOrNull(row, "event_ended_at"),
            new RecordCounts(
                row.getLong("event_total"),
                row.getLong("event_success"),
                row.getLong("event_error"))),
        JobRows.instantOrNull(row, "event_tagged_at"));
  }

  private static final String MARK =
      """
      update ledger.job_event
         set collected = true
       where sequence = any(:sequences)
      """;

  /** Marks events as taken. */
  public static void markCollected(Handle handle, List<JobEvent> events) {
    Long[] sequences = events.stream().map(JobEvent::sequence).toArray(Long[]::new);
    handle.createUpdate(MARK).bind("sequences", sequences).execute();
  }
}
