package bedload.ledger;

import bedload.job.Job;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step that a job took, or a change of its tags.
 *
 * @param sequence grows with every event of a job
 * @param job the job as it stood after the step, but with the tags of now
 * @param taggedAt when the tags changed; null if the event is a step to another status
 */
public record JobEvent(long sequence, Job job, @Nullable Instant taggedAt) {
  /** Says whether the job went to another status. */
  public boolean isStep() {
    return taggedAt == null;
  }

  /** Returns when it happened. */
  public Instant at() {
    return taggedAt == null ? job.lastModifiedTime() : taggedAt;
  }
}
