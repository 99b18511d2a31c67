package bedload.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves only when a test moves it. */
final class SettableClock implements InstantSource {
  private volatile Instant now = Instant.parse("2026-03-03T22:57:41.101Z");

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration duration) {
    now = now.plus(duration);
  }
}
