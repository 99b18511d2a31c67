package bedload.ledger;

import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, and in which order. A member that is null does not narrow.
 *
 * @param submittedAfter not earlier than this
 * @param submittedBefore not later than this
 * @param ascending oldest first; else newest first
 * @param after where the page before ended
 */
public record JobQuery(
    @Nullable JobStatus status,
    @Nullable String nameContains,
    @Nullable Instant submittedAfter,
    @Nullable Instant submittedBefore,
    boolean ascending,
    @Nullable Position after) {

  /** The whole list, newest first. */
  public static final JobQuery ALL = new JobQuery(null, null, null, null, false, null);

  /** A job's place in the order of the list; jobs that come or go do not move it. */
  public record Position(Instant submitTime, JobId id) {
    /** Returns the place of a job. */
    public static Position of(Job job) {
      return new Position(job.submitTime(), job.id());
    }
  }
}
