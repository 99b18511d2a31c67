package bedload.database;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the server again, on its port and its data, when its first process has ended without being
 * told to: killed, or for want of memory. Whoever works with it sees a database that was away for a
 * moment. Thread-safe.
 */
final class Watchdog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /**
   * How often it is tried, and how long is waited in between.
   *
   * @param tries until it is given up; counted from one on when the server has run for {@code
   *     settled}
   * @param firstPause after the first try in vain; twice as long after each further one
   */
  record Pace(int tries, Duration firstPause, Duration longestPause, Duration settled) {
    /** Time for people to make room on a disk or in memory: some eight minutes. */
    static final Pace DEFAULT =
        new Pace(20, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1));

    Duration before(int attempt) {
      if (attempt == 1) {
        return Duration.ZERO;
      }
      Duration doubled = firstPause.multipliedBy(1L << Math.min(attempt - 2, tries));
      return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
    }
  }

  private final Postmaster postmaster;
  private final int port;
  private final Pace pace;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable String trouble;

  // Of the thread alone, once it is started.
  private ServerSign server;

  private Watchdog(Postmaster postmaster, ServerSign server, int port, Pace pace) {
    this.postmaster = postmaster;
    this.server = server;
    this.port = port;
    this.pace = pace;
    this.thread = Thread.ofVirtual().name("database-watchdog").unstarted(this::watchUntilClosed);
  }

  /** Begins to look after a server that runs. */
  static Watchdog start(Postmaster postmaster, int port, Pace pace) throws IOException {
    Watchdog watchdog = new Watchdog(postmaster, postmaster.sign(), port, pace);
    watchdog.thread.start();
    return watchdog;
  }

  /**
   * Returns what became of a server that has ended and does not run again, to go on a sentence
   * about the database; empty if it runs. Tells no path and nothing of the server's log.
   */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  private void watchUntilClosed() {
    int attempt = 0;
    long upSinceNanos = System.nanoTime();
    while (!isClosingWithin(LOOK_EVERY)) {
      if (!postmaster.hasEnded(server)) {
        boolean isSettled = System.nanoTime() - upSinceNanos >= pace.settled().toNanos();
        attempt = isSettled ? 0 : attempt;
        continue;
      }
      attempt++;
      trouble = "has ended and is started again, try %d of %d".formatted(attempt, pace.tries());
      if (isClosingWithin(pace.before(attempt))) {
        return;
      }
      if (isStarted(attempt)) {
        trouble = null;
        upSinceNanos = System.nanoTime();
      } else if (attempt == pace.tries() && !isClosingWithin(Duration.ZERO)) {
        giveUp();
        return;
      }
    }
  }

  private boolean isStarted(int attempt) {
    log.warn(
        "The embedded PostgreSQL in {} has ended without being told to; it is started again on port {}: try {} of {}",
        postmaster.folder().path(),
        port,
        attempt,
        pace.tries());
    try {
      postmaster.stopOrphan();
      if (!postmaster.start(port, () -> !isClosingWithin(Duration.ZERO))) {
        return false;
      }
      server = postmaster.sign();
      log.warn(
          "The embedded PostgreSQL runs again (process {}); nothing that was committed is lost",
          server.pid());
      return true;
    } catch (IOException | RuntimeException e) {
      log.warn(
          "Try {} of {} was in vain{}. {}",
          attempt,
          pace.tries(),
          attempt < pace.tries()
              ? ", the next comes in %d s".formatted(pace.before(attempt + 1).toSeconds())
              : "",
          e.getMessage());
      return false;
    }
  }

  private void giveUp() {
    trouble =
        "ended and could not be started again in %d tries; the log says why"
            .formatted(pace.tries());
    log.error(
        "The embedded PostgreSQL in {} could not be started again in {} tries, and no more are made. Mend what the last one says, then end bedload and start it again: nothing that was committed or answered is lost.",
        postmaster.folder().path(),
        pace.tries());
  }

  private boolean isClosingWithin(Duration pause) {
    try {
      return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends the watch; a start that is under way has left its sign when this returns. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
