package bedload.trace;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.Traceparent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job that has ended, and how it came to that.
 *
 * @param steps its statuses in their order, the last of them final
 * @param cause where the caller's trace asked for the job
 */
public record JobStory(Job job, List<Step> steps, Optional<Traceparent> cause) {
  /** A status, and since when. */
  public record Step(JobStatus status, Instant at) {}

  public JobStory {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("Job %s has no steps".formatted(job.id()));
    }
  }
}
