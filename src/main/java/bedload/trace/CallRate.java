package bedload.trace;

import java.util.function.LongSupplier;

/**
 * How many calls a second are recorded: those of small jobs all, of large ones as many as a
 * collector bears. Up to a second's worth is saved up. Thread-safe.
 */
final class CallRate {
  private static final double SECOND_NANOS = 1e9;

  private final double perSecond;
  private final LongSupplier nanoTime;
  private double left;
  private long at;

  CallRate(double perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.left = Math.max(1, perSecond);
    this.at = nanoTime.getAsLong();
  }

  /** Returns whether one more may be recorded, and counts it if so. */
  synchronized boolean take() {
    if (perSecond <= 0) {
      return false;
    }
    long now = nanoTime.getAsLong();
    left = Math.min(Math.max(1, perSecond), left + perSecond * (now - at) / SECOND_NANOS);
    at = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
