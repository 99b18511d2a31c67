package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The window against simulated servers, in virtual time. */
class WindowTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;

  private record Call(long began, long ends, long tokens, boolean full)
      implements Comparable<Call> {
    @Override
    public int compareTo(Call other) {
      return Long.compare(ends, other.ends);
    }
  }

  private record Result(long tokens, long refused, long answered, int size) {}

  /** A server that works on so many calls at once and then refuses, or lets them wait. */
  private record Server(int capacity, boolean refuses) {
    /** Nanoseconds that a token takes with so many calls in flight. */
    double pace(int inFlight) {
      int working = Math.min(inFlight, capacity);
      double step = 10 * MILLI + 0.1 * MILLI * working;
      return step * Math.max(1.0, (double) inFlight / capacity);
    }
  }

  /** Runs a never ending job against a server whose capacity may change at half time. */
  private static Result run(Window window, Server first, Server second, long seconds, long seed) {
    Random random = new Random(seed);
    PriorityQueue<Call> inFlight = new PriorityQueue<>();
    long now = 0;
    long restUntil = 0;
    long tokens = 0;
    long refused = 0;
    long answered = 0;
    while (now < seconds * SECOND) {
      Server server = now < seconds * SECOND / 2 ? first : second;
      while (inFlight.size() < window.size() && now >= restUntil) {
        if (server.refuses() && inFlight.size() >= server.capacity()) {
          window.refused(now, now + MILLI);
          refused++;
          restUntil = now + 250 * MILLI;
        } else {
          long length = (long) Math.clamp(Math.exp(4.6 + 0.8 * random.nextGaussian()), 20, 1000);
          boolean full = inFlight.size() + 1 >= window.size();
          long takes = (long) (server.pace(inFlight.size() + 1) * length);
          inFlight.add(new Call(now, now + takes, length, full));
        }
      }
      Call next = inFlight.peek();
      if (next == null || (restUntil > now && restUntil < next.ends())) {
        now = Math.max(restUntil, now + 1);
        continue;
      }
      now = next.ends();
      inFlight.remove();
      answered++;
      tokens += next.tokens();
      if (next.full()) {
        window.answered(next.began(), now, next.tokens());
      }
    }
    return new Result(tokens, refused, answered, window.size());
  }

  private static Result run(Window window, Server server, long seed) {
    return run(window, server, server, 600, seed);
  }

  private static Result fixed(int size, Server server, long seed) {
    Window window = new Window(size, size, 0);
    return run(window, server, seed);
  }

  @Test
  void aServerThatRefusesIsKeptBusyAndSeldomRefuses() {
    for (int capacity : new int[] {16, 50, 128, 700}) {
      Server server = new Server(capacity, true);
      for (long seed = 1; seed <= 5; seed++) {
        Result best = fixed(capacity, server, seed);
        Result result = run(new Window(64, 1024, 0), server, seed);

        assertThat((double) result.tokens() / best.tokens())
            .as("tokens, capacity %d, seed %d", capacity, seed)
            .isGreaterThan(0.85);
        assertThat((double) result.refused() / (result.refused() + result.answered()))
            .as("refused, capacity %d, seed %d", capacity, seed)
            .isLessThan(0.1);
      }
    }
  }

  @Test
  void aServerThatQueuesIsKeptBusyAndItsQueueIsBounded() {
    for (int capacity : new int[] {16, 64, 256}) {
      Server server = new Server(capacity, false);
      for (long seed = 1; seed <= 5; seed++) {
        Result best = fixed(1024, server, seed);
        Result result = run(new Window(64, 1024, 0), server, seed);

        assertThat((double) result.tokens() / best.tokens())
            .as("tokens, capacity %d, seed %d", capacity, seed)
            .isGreaterThan(0.9);
        assertThat(result.size()).as("size, capacity %d, seed %d", capacity, seed).isLessThan(1024);
      }
    }
  }

  @Test
  void aServerThatLosesThreeQuartersOfItsCapacityIsFollowed() {
    Server before = new Server(128, true);
    Server after = new Server(32, true);

    Result result = run(new Window(64, 1024, 0), before, after, 600, 3);

    assertThat(result.size()).isBetween(16, 40);
  }

  /** A small job is quick because it is alone; that must not hold the next, large one back. */
  @Test
  void callsThatDoNotFillTheWindowTeachNothing() {
    Window window = new Window(8, 64, 0);
    Result result = run(window, new Server(64, false), 1);

    assertThat(result.size()).isEqualTo(64);
  }

  @Test
  void callsRefusedTogetherHalveTheWindowOnce() {
    Window window = new Window(64, 1024, 0);

    for (int i = 0; i < 20; i++) {
      window.refused(0, SECOND);
    }

    assertThat(window.size()).isEqualTo(32);
    window.refused(2 * SECOND, 3 * SECOND);
    assertThat(window.size()).isEqualTo(16);
  }

  @Test
  void theCapHoldsAtOnceAndTheWindowComesBackWhenItIsRaised() {
    Window window = new Window(64, 1024, 0);

    window.cap(5);
    assertThat(window.size()).isEqualTo(5);
    window.cap(0);
    assertThat(window.size()).isZero();
    window.cap(1024);
    assertThat(window.size()).isEqualTo(64);
  }

  @Test
  void theWindowNeverClosesByItself() {
    Window window = new Window(2, 4, 0);

    for (int i = 1; i < 100; i++) {
      window.refused(i * SECOND, i * SECOND + 1);
    }

    assertThat(window.size()).isEqualTo(1);
  }
}
