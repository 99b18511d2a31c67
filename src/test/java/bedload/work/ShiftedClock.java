package bedload.work;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The system's clock, which can be moved forward; schedulers wait by a clock that goes. */
final class ShiftedClock implements InstantSource {
  private volatile Duration ahead = Duration.ZERO;

  @Override
  public Instant instant() {
    return InstantSource.system().instant().plus(ahead);
  }

  /** Moves the clock forward. */
  synchronized void advance(Duration duration) {
    ahead = ahead.plus(duration);
  }
}
