package bedload.command;

import bedload.ExitCode;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs work that a SIGTERM or a SIGINT (Ctrl-C) ends in order: the thread that does it is
 * interrupted, and the process lives on until it has cleaned up, but no longer than a minute. The
 * process then ends with the status that the work returns; if that is {@link ExitCode#INTERRUPTED},
 * with the customary 128 + the signal.
 */
final class UntilSignal {
  /** Enough for everything but what work itself says that it waits for. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile ExitCode outcome = ExitCode.INTERRUPTED;

  private final Duration patience;

  private UntilSignal(Duration patience) {
    this.patience = patience;
  }

  /** Runs the work in this thread and returns what it returns. */
  static ExitCode run(Callable<ExitCode> work) throws Exception {
    return run(work, PATIENCE);
  }

  /** As {@link #run(Callable)}, with another patience than a minute's. */
  static ExitCode run(Callable<ExitCode> work, Duration patience) throws Exception {
    return new UntilSignal(patience).runHere(work);
  }

  private ExitCode runHere(Callable<ExitCode> work) throws Exception {
    Thread worker = Thread.currentThread();
    Thread hook = Thread.ofPlatform().name("signal").unstarted(() -> end(worker));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      outcome = work.call();
      return outcome;
    } finally {
      ended.countDown();
      removeHook(hook);
    }
  }

  private void end(Thread worker) {
    worker.interrupt();
    boolean inOrder = false;
    try {
      inOrder = ended.await(patience.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      // Nobody interrupts a hook; if somebody does, the end is at once.
    }
    if (!inOrder) {
      System.err.println(
          "bedload: could not end within "
              + patience.toSeconds()
              + " s; what it left is mended at the next start");
      Runtime.getRuntime().halt(ExitCode.BUG.number());
    }
    if (outcome != ExitCode.INTERRUPTED) {
      Runtime.getRuntime().halt(outcome.number());
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
