package bedload.work;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How freshly a lease was proven. Whoever was frozen or cut off for longer than a successor waits
 * before taking over must not pay for a call before proving the lease anew. Thread-safe.
 */
final class LeaseProof {
  private final long termNanos;
  private final LongSupplier nanoTime;
  private long provenAtNanos;
  private boolean closed;

  /**
   * @param term how long a proof is good for
   */
  LeaseProof(Duration term, LongSupplier nanoTime) {
    this.termNanos = term.toNanos();
    this.nanoTime = nanoTime;
    this.provenAtNanos = nanoTime.getAsLong() - termNanos - 1;
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

  /** Says whether the lease was proven so lately that nobody else can hold it by now. */
  synchronized boolean isFresh() {
    return nanoTime.getAsLong() - provenAtNanos <= termNanos;
  }

  /**
   * Waits until the proof is fresh.
   *
   * @return false if no call may be made any more
   */
  synchronized boolean await() throws InterruptedException {
    while (!closed && !isFresh()) {
      wait();
    }
    return !closed;
  }
}
