package bedload.work;

import bedload.ledger.QueueLimits;

/**
 * What jobs are held to on this service.
 *
 * @param input how much one may bring
 * @param queue how many run at once
 * @param permissions what they may reach
 * @param testClock whether a job's tags may ask for an end and for its moment
 * @param longestFirst whether records that seem to take longest are called first
 */
public record WorkRules(
    InputLimits input,
    QueueLimits queue,
    Permissions permissions,
    boolean testClock,
    boolean longestFirst) {
  /** What holds unless it is set. */
  public static final WorkRules DEFAULT =
      new WorkRules(InputLimits.OPEN, QueueLimits.DEFAULT, Permissions.DEFAULT, false, true);
}
