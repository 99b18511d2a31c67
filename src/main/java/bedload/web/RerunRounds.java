package bedload.web;

import bedload.job.Job;
import bedload.ledger.Ledger;
import bedload.ledger.Reruns;
import bedload.ledger.Steps;
import bedload.object.ObjectStores;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes new jobs of what failed in others, one at a time: copies the failed records, however many,
 * and submits the job. A request only asks for it; the page shows how far it is.
 */
public final class RerunRounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RerunRounds.class);

  /** A store may be away for a while; what cannot be read after so many tries never will be. */
  private static final int MOST_ATTEMPTS = 5;

  private final Reruns book;
  private final Steps steps;
  private final FailedCopy copy;
  private volatile boolean isClosing;

  /**
   * @param stores where outputs are
   */
  public RerunRounds(Reruns book, Steps steps, Ledger ledger, ObjectStores stores) {
    this.book = book;
    this.steps = steps;
    this.copy = new FailedCopy(stores, ledger);
  }

  /** Takes up the oldest that waits, if any, and returns how many were done: one at most. */
  public int step() {
    Optional<Reruns.Rerun> taken = book.take();
    taken.ifPresent(this::run);
    return taken.isPresent() ? 1 : 0;
  }

  private void run(Reruns.Rerun rerun) {
    Job job = steps.find(rerun.job()).orElseThrow();
    LongPredicate goOn = records -> !isClosing && book.goOn(rerun, records);
    try {
      switch (copy.run(job, rerun.stamp(), goOn)) {
        case FailedCopy.End.Made(Job made, long records) -> {
          book.made(rerun, records, made.id());
          LOG.info("Job {}: {} failed records are job {}", job.arn(), records, made.arn());
        }
        case FailedCopy.End.Nothing _ ->
            book.failed(rerun, "No output of this job holds a record that failed.");
        // Another node goes on, or the next start does when the lease has passed.
        case FailedCopy.End.Lost _ -> {}
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Job {}: its failed records cannot be copied", job.arn(), e);
      if (rerun.attempts() >= MOST_ATTEMPTS) {
        book.failed(rerun, "The failed records could not be copied: " + e.getMessage());
      }
    }
  }

  /** Leaves what is being copied to another node or the next start. */
  @Override
  public void close() {
    isClosing = true;
  }
}
