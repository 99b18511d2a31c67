package bedload.work;

import java.time.Duration;

/**
 * A node's way down: from its begin on no call is begun, and what is in flight has so long to be
 * answered. Thread-safe.
 */
final class Drain {
  private final Duration patience;
  private volatile boolean begun;
  private volatile long untilNanos;

  Drain(Duration patience) {
    this.patience = patience;
  }

  void begin() {
    untilNanos = System.nanoTime() + patience.toNanos();
    begun = true;
  }

  boolean isBegun() {
    return begun;
  }

  /** Says whether what is still in flight is to be given up. */
  boolean isOver() {
    return begun && System.nanoTime() - untilNanos >= 0;
  }
}
