package bedload.collect;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How fast one account in one region is called: a bucket of tokens that fills at a rate, which is
 * halved when the provider complains and grows again while it does not. Thread-safe.
 */
final class CallPace {
  private static final double SLOWEST = 0.1;

  /** A rate that was halved is back after so many calls without complaint. */
  private static final int CALLS_TO_RECOVER = 20;

  /** Calls that come in a row after a rest: those of one second. */
  private static final double BURST_SECONDS = 1;

  private final double most;
  private final LongSupplier nanoTime;
  private double rate;
  private double tokens;
  private long filledAtNanos;

  /**
   * @param most calls a second
   * @param nanoTime a monotonic clock
   */
  CallPace(double most, LongSupplier nanoTime) {
    this.most = most;
    this.rate = most;
    this.nanoTime = nanoTime;
    this.tokens = capacity();
    this.filledAtNanos = nanoTime.getAsLong();
  }

  private double capacity() {
    return Math.max(1, rate * BURST_SECONDS);
  }

  /** Takes the next place in line and returns how long to wait for it. */
  synchronized Duration next() {
    long now = nanoTime.getAsLong();
    tokens = Math.min(capacity(), tokens + (now - filledAtNanos) / 1e9 * rate);
    filledAtNanos = now;
    tokens -= 1;
    return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) (-tokens / rate * 1e9));
  }

  /** Slows down: the provider complained. */
  synchronized void slowDown() {
    rate = Math.max(Math.min(SLOWEST, most), rate / 2);
    tokens = Math.min(tokens, 0);
  }

  /** Speeds up a little: a call was taken. */
  synchronized void speedUp() {
    rate = Math.min(most, rate + most / 2 / CALLS_TO_RECOVER);
  }

  /** Returns the calls a second at this moment. */
  synchronized double rate() {
    return rate;
  }
}
