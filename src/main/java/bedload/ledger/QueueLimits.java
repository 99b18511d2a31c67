package bedload.ledger;

/**
 * How many jobs may run at once; the others wait as Scheduled.
 *
 * @param runningPerAccount of one account, whatever their models
 * @param runningPerModel for one model, whoever owns them
 */
public record QueueLimits(int runningPerAccount, int runningPerModel) {
  /** What holds unless it is set: no account alone can take all places of a model. */
  public static final QueueLimits DEFAULT = new QueueLimits(10, 20);

  public QueueLimits {
    if (runningPerAccount < 1 || runningPerModel < 1) {
      throw new IllegalArgumentException(
          "at least 1 job must be able to run, these limits are %d per account and %d per model"
              .formatted(runningPerAccount, runningPerModel));
    }
  }
}
