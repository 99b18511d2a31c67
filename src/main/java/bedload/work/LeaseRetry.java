package bedload.work;

import bedload.job.Job;
import bedload.job.Lease;
import bedload.ledger.Shards;
import bedload.object.ObjectStoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does again what the world did not let this node do, for as long as the lease holds. Answers that
 * wait for the object store are in the journal of this node alone: another node that took the shard
 * over meanwhile would pay for them once more. What the store refuses is not for this: it may last
 * for hours, and a place for shards would be taken all the while. For one thread.
 */
final class LeaseRetry {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseRetry.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final Job job;
  private final Lease lease;
  private final Shards shards;
  private final Drain drain;
  private final InstantSource clock;

  LeaseRetry(Job job, Lease lease, Shards shards, Drain drain, InstantSource clock) {
    this.job = job;
    this.lease = lease;
    this.shards = shards;
    this.drain = drain;
    this.clock = clock;
  }

  /** What is to be done; it must do no harm to do it again after it failed anywhere. */
  interface Step<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * Returns what the step returns once it can be done.
   *
   * @param wanted what the job needs, to begin a sentence with
   * @param lost returned if the lease is void before that
   * @throws RefusedAnswers if the store refuses
   * @throws IOException what the step threw last, if this node goes down before it can be done; so
   *     do unchecked exceptions
   */
  <T> T run(String wanted, Step<T> step, T lost) throws IOException, InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        return step.run();
      } catch (IOException | RuntimeException e) {
        if (drain.isBegun() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        if (e instanceof ObjectStoreException said && StoreTrouble.isFinal(said)) {
          throw new RefusedAnswers(said);
        }
        Duration pause = RetryPause.after(failures);
        LOG.warn(
            "Job {}: {} for shard {}, and it is tried again in {}",
            job.arn(),
            wanted,
            lease.shard().number(),
            pause,
            e);
        if (!isHeldAfter(pause)) {
          return lost;
        }
      }
    }
  }

  /** Waits, but not for what is pointless: a lease that is void, or a node that goes down. */
  private boolean isHeldAfter(Duration pause) throws InterruptedException {
    Instant until = clock.instant().plus(pause);
    while (clock.instant().isBefore(until) && !drain.isBegun()) {
      Thread.sleep(LOOK_EVERY);
      try {
        if (shards.pulse(lease) == Shards.Pulse.LOST) {
          return false;
        }
      } catch (RuntimeException e) {
        // The database is away as well: whether the lease holds is seen when it is back.
        LOG.debug("Cannot look at the lease", e);
      }
    }
    return true;
  }
}
