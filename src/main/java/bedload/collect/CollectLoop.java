package bedload.collect;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the step of some work again and again on a thread of its own: at once while there is more to
 * do, after a pause when there was nothing, and after a longer one when the step failed. This is
 * the only place where the trouble of a step is caught.
 */
public final class CollectLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CollectLoop.class);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration FIRST_PAUSE_AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE_AFTER_TROUBLE = Duration.ofSeconds(30);

  /** A step takes milliseconds; a database that went away holds it up for seconds. */
  private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(10);

  private final String work;
  private final IntSupplier step;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private CollectLoop(String work, IntSupplier step) {
    this.work = work;
    this.step = step;
    this.thread = Thread.ofVirtual().name(work).unstarted(this::run);
  }

  /**
   * Starts to run a step until closed.
   *
   * @param work what the steps do, as the log begins a sentence with it: Collecting own jobs
   * @param step returns how much it did
   */
  public static CollectLoop start(String work, IntSupplier step) {
    CollectLoop loop = new CollectLoop(work, step);
    loop.thread.start();
    return loop;
  }

  private void run() {
    Duration trouble = Duration.ZERO;
    Duration pause = Duration.ZERO;
    while (!isClosingWithin(pause)) {
      try {
        pause = step.getAsInt() > 0 ? Duration.ZERO : PAUSE;
        trouble = Duration.ZERO;
      } catch (RuntimeException e) {
        trouble = longer(trouble);
        pause = trouble;
        LOG.warn("{} failed, trying again in {} s", work, pause.toSeconds(), e);
      }
    }
  }

  private static Duration longer(Duration trouble) {
    Duration doubled = trouble.multipliedBy(2);
    if (doubled.isZero()) {
      return FIRST_PAUSE_AFTER_TROUBLE;
    }
    return doubled.compareTo(LONGEST_PAUSE_AFTER_TROUBLE) < 0
        ? doubled
        : LONGEST_PAUSE_AFTER_TROUBLE;
  }

  private boolean isClosingWithin(Duration pause) {
    try {
      return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /**
   * Lets the step that runs come to its end, and starts no more. The thread is not interrupted:
   * that would cut its connection to the database in the middle of a statement.
   */
  @Override
  public void close() {
    closing.countDown();
    try {
      if (!thread.join(PATIENCE_AT_CLOSE)) {
        LOG.warn("{} did not end within {} s", work, PATIENCE_AT_CLOSE.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
