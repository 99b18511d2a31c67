package bedload.model.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call as its two sides share it: the caller, who may give up, and the connection, which may
 * answer. Whichever comes first settles it; the other must not touch what the first then owns.
 */
final class Exchange {
  private final AtomicBoolean settled = new AtomicBoolean();
  private final CompletableFuture<HttpOutcome> outcome = new CompletableFuture<>();
  private volatile boolean heard;

  /**
   * Waits for the outcome; {@link HttpOutcome.Late} if none comes in time.
   *
   * @param giveUp run before this returns or throws without an outcome of the connection's
   */
  HttpOutcome await(long nanos, Runnable giveUp) throws InterruptedException {
    try {
      return outcome.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      if (settle()) {
        giveUp.run();
        return new HttpOutcome.Late();
      }
      return outcome.join();
    } catch (InterruptedException wanted) {
      if (settle()) {
        giveUp.run();
      }
      throw wanted;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("An exchange ends with an outcome only", impossible);
    }
  }

  /** Notes that something of an answer has come. */
  void hears() {
    heard = true;
  }

  /** Says whether anything of an answer has come. */
  boolean isHeard() {
    return heard;
  }

  /** Claims the end of the exchange; false if the other side was first. */
  boolean settle() {
    return settled.compareAndSet(false, true);
  }

  /** Hands over the outcome; for the side that settled, when its connection is put away. */
  void end(HttpOutcome end) {
    outcome.complete(end);
  }
}
