package bedload.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many calls a rate lets be recorded. */
class CallRateTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;

  private long taken(CallRate rate, int calls) {
    return IntStream.range(0, calls).filter(_ -> rate.take()).count();
  }

  @Test
  void aSecondsWorthAtOnceAndThenAsTimePasses() {
    CallRate rate = new CallRate(10, () -> now);

    assertThat(taken(rate, 100)).isEqualTo(10);
    now += SECOND / 2;
    assertThat(taken(rate, 100)).isEqualTo(5);
    now += 3600 * SECOND;
    assertThat(taken(rate, 100)).isEqualTo(10);
  }

  @Test
  void noneAtARateOfZero() {
    assertThat(taken(new CallRate(0, () -> now), 100)).isZero();
  }
}
