package bedload.ledger;

import bedload.job.Job;

/** What became of a request for a new job. */
public sealed interface SubmitResult {
  /** A new job was made. */
  record Submitted(Job job) implements SubmitResult {}

  /** The client token was seen before with the same request: here is the job of that time. */
  record Repeated(Job job) implements SubmitResult {}

  /** The client token belongs to a job that was asked for otherwise. */
  record TokenReused(Job job) implements SubmitResult {}

  /** A job of that name has not ended yet. */
  record NameInUse(Job job) implements SubmitResult {}
}
