package bedload.command;

import bedload.ExitCode;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs work that a SIGTERM or a SIGINT (Ctrl-C) ends in order: the thread that does it is
 * interrupted, and the process lives on until it has cleaned up, but no longer than a minute.
 */
final class UntilSignal {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final @Nullable ExitCode statusOfOrderlyEnd;

  private UntilSignal(@Nullable ExitCode statusOfOrderlyEnd) {
    this.statusOfOrderlyEnd = statusOfOrderlyEnd;
  }

  /** For a service, which is meant to run until it is told to end: then its status is 0. */
  static UntilSignal forService() {
    return new UntilSignal(ExitCode.OK);
  }

  /** For work that is cut short by a signal: its status is the customary 128 + the signal. */
  static UntilSignal forWork() {
    return new UntilSignal(null);
  }

  /** Runs the work in this thread and returns what it returns. */
  <T> T run(Callable<T> work) throws Exception {
    Thread worker = Thread.currentThread();
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook = Thread.ofPlatform().name("signal").unstarted(() -> end(worker, ended));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.call();
    } finally {
      ended.countDown();
      removeHook(hook);
    }
  }

  private void end(Thread worker, CountDownLatch ended) {
    worker.interrupt();
    boolean inOrder = false;
    try {
      inOrder = ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      // Nobody interrupts a hook; if somebody does, the end is at once.
    }
    if (!inOrder) {
      System.err.println(
          "bedload: could not end within "
              + PATIENCE.toSeconds()
              + " s; what it left is mended at the next start");
      Runtime.getRuntime().halt(ExitCode.BUG.number());
    }
    if (statusOfOrderlyEnd != null) {
      Runtime.getRuntime().halt(statusOfOrderlyEnd.number());
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs already: it was waiting for us.
    }
  }
}
