package bedload.job;

import java.time.Duration;

/** Lengths of time in words, two units of them at most. */
public final class LengthText {
  private LengthText() {}

  /** Returns the length, such as {@code 3 h 12 min}; one below zero is none. */
  public static String of(Duration length) {
    if (length.isNegative()) {
      return "0 s";
    }
    if (length.toDays() > 0) {
      return "%d d %d h".formatted(length.toDays(), length.toHoursPart());
    }
    if (length.toHours() > 0) {
      return "%d h %d min".formatted(length.toHours(), length.toMinutesPart());
    }
    if (length.toMinutes() > 0) {
      return "%d min %d s".formatted(length.toMinutes(), length.toSecondsPart());
    }
    return length.toSeconds() >= 10
        ? "%d s".formatted(length.toSeconds())
        : "%.1f s".formatted(length.toMillis() / 1000.0);
  }
}
