package bedload.work;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How freshly a lease was proven. Whoever was frozen or cut off for longer than a successor waits
 * before taking over must not pay for a call before proving the lease anew. Thread-safe.
 */
final class LeaseProof {
  /** Well below the time after which a silent node's work is taken over. */
  static final Duration TERM = Duration.ofSeconds(15);

  private final LongSupplier nanoTime;
  private long provenAtNanos;
  private boolean closed;

  LeaseProof(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.provenAtNanos = nanoTime.getAsLong() - TERM.toNanos() - 1;
  }

  /** Notes a proof that was asked for at {@code askedAtNanos}: what held then, held then only. */
  synchronized void proven(long askedAtNanos) {
    provenAtNanos = askedAtNanos;
    notifyAll();
  }

  /** No call may be made any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /**
   * Waits until the proof is fresh.
   *
   * @return false if no call may be made any more
   */
  synchronized boolean await() throws InterruptedException {
    while (!closed && nanoTime.getAsLong() - provenAtNanos > TERM.toNanos()) {
      wait();
    }
    return !closed;
  }
}
