package bedload.work;

import bedload.ledger.QueueLimits;

/**
 * What jobs are held to on this service.
 *
 * @param input how much one may bring
 * @param queue how many run at once
 * @param testClock whether a job's tags may ask for an end and for its moment
 */
public record WorkRules(InputLimits input, QueueLimits queue, boolean testClock) {
  /** What holds unless it is set. */
  public static final WorkRules DEFAULT =
      new WorkRules(InputLimits.OPEN, QueueLimits.DEFAULT, false);
}
