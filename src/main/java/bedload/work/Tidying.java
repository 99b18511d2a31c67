package bedload.work;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes, at the start and every few minutes, what this node has left of jobs that ended without
 * its knowing. The lists of tasks know nothing of a node's own disk.
 */
final class Tidying implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tidying.class);
  private static final Duration EVERY = Duration.ofMinutes(15);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** How long a start waits for it: a store that is away holds up nobody. */
  private static final Duration HEAD_START = Duration.ofSeconds(2);

  private final Sweep sweep;
  private final Unwritten unwritten;
  private final InstantSource clock;
  private final CountDownLatch firstRound = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private Instant due;

  Tidying(Sweep sweep, Unwritten unwritten, InstantSource clock) {
    this.sweep = sweep;
    this.unwritten = unwritten;
    this.clock = clock;
    this.due = clock.instant();
  }

  /** Begins, and returns once the first round is over or has had time enough. */
  void start() {
    Thread.ofVirtual().name("tidying").start(this::runUntilClosed);
    try {
      if (!firstRound.await(HEAD_START.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("What this node has left of jobs that have ended is removed beside its work");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runUntilClosed() {
    step();
    firstRound.countDown();
    try {
      while (!closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() {
    Instant now = clock.instant();
    if (now.isBefore(due)) {
      return;
    }
    due = now.plus(EVERY);
    try {
      sweep.leftOvers();
      unwritten.tidy();
    } catch (IOException | RuntimeException e) {
      LOG.warn("What is left of jobs that have ended stays until {}: {}", due, e.toString());
    }
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
