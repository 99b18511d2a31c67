package bedload.ledger;

import bedload.job.Job;

/** What became of a request to stop a job. */
public sealed interface StopResult {
  /** The job is being stopped, by this request or an earlier one. */
  record Stopping(Job job) implements StopResult {}

  /** The account has no such job. */
  record NotFound() implements StopResult {}

  /** There is nothing left to stop. */
  record AlreadyEnded(Job job) implements StopResult {}
}
