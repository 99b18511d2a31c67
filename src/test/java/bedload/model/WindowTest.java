package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.model.WindowReason.Cause;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The window against simulated servers, in virtual time. */
class WindowTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;

  private record Call(long began, long ends, long tokens, int calls) implements Comparable<Call> {
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
      while (inFlight.size() < window.size(now) && now >= restUntil) {
        if (server.refuses() && inFlight.size() >= server.capacity()) {
          window.refused(now, inFlight.size(), now + MILLI);
          refused++;
          restUntil = now + 20 * MILLI;
        } else {
          long length = (long) Math.clamp(Math.exp(4.6 + 0.8 * random.nextGaussian()), 20, 1000);
          long takes = (long) (server.pace(inFlight.size() + 1) * length);
          inFlight.add(new Call(now, now + takes, length, inFlight.size() + 1));
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
      window.answered(next.began(), next.calls(), now, next.tokens());
    }
    return new Result(tokens, refused, answered, window.size(now));
  }

  private static Result run(Window window, Server server, long seed) {
    return run(window, server, server, 600, seed);
  }

  private static Result fixed(int size, Server server, long seed) {
    Window window = new Window(size, size, 0);
    return run(window, server, seed);
  }

  private static SimulatedServer.Result worst(SimulatedServer.Form form, int seconds) {
    double share = 1;
    double plateau = 1;
    double full = 0;
    int size = 0;
    double refused = 0;
    for (long seed = 1; seed <= 5; seed++) {
      SimulatedServer.Result result =
          SimulatedServer.run(
              new Window(ModelEntry.Server.DEFAULT_INITIAL_IN_FLIGHT, 1024, 0),
              form,
              seconds,
              seed);
      share = Math.min(share, result.share());
      plateau = Math.min(plateau, result.plateau());
      full = Math.max(full, result.fullAfterSeconds());
      size = Math.max(size, result.size());
      refused = Math.max(refused, result.refused());
    }
    return new SimulatedServer.Result(share, plateau, full, size, 0, refused);
  }

  /** The goal: nobody says how many calls the server works on, and yet it never waits. */
  @ParameterizedTest
  @CsvSource({
    "8, 200, FIXED",
    "8, 2000, FIXED",
    "64, 200, FIXED",
    "64, 2000, FIXED",
    "512, 200, FIXED",
    "512, 2000, FIXED",
    "1, 200, LOGNORMAL",
    "8, 200, LOGNORMAL",
    "8, 2000, LOGNORMAL",
    "64, 200, LOGNORMAL",
    "64, 2000, LOGNORMAL",
    "512, 200, LOGNORMAL",
    "512, 2000, LOGNORMAL"
  })
  void aServerThatQueuesWithoutAWordIsKeptFull(
      int slots, long serviceMillis, SimulatedServer.Lengths lengths) {
    SimulatedServer.Result worst =
        worst(new SimulatedServer.Form(slots, serviceMillis * MILLI, lengths, false), 75);

    assertThat(worst.fullAfterSeconds()).isLessThan(5);
    assertThat(worst.plateau()).isGreaterThan(0.98);
    assertThat(worst.share()).isGreaterThan(0.95);
  }

  @ParameterizedTest
  @CsvSource({
    "8, 200, FIXED",
    "8, 2000, FIXED",
    "64, 2000, FIXED",
    "512, 200, FIXED",
    "8, 2000, LOGNORMAL",
    "64, 200, LOGNORMAL",
    "512, 2000, LOGNORMAL"
  })
  void aServerThatRefusesBeyondItsSlotsIsKeptFullAndSeldomRefuses(
      int slots, long serviceMillis, SimulatedServer.Lengths lengths) {
    SimulatedServer.Result worst =
        worst(new SimulatedServer.Form(slots, serviceMillis * MILLI, lengths, true), 75);

    // Keeping an answer holds its place for 5 ms, in which such a server cannot be given more.
    double reachable = serviceMillis / (serviceMillis + 5.0);
    assertThat(worst.plateau() / reachable).isGreaterThan(0.98);
    assertThat(worst.share()).isGreaterThan(0.9);
    assertThat(worst.refused()).isLessThan(0.15);
  }

  /** More than is needed only waits at the server, and is what a crash of ours repeats. */
  @Test
  void theQueueAtTheServerComesDownToLittle() {
    SimulatedServer.Form form =
        new SimulatedServer.Form(64, 200 * MILLI, SimulatedServer.Lengths.FIXED, false);

    assertThat(worst(form, 120).size()).isBetween(64, 200);
  }

  /** A server that works in batches is slower for each the more it has, and yet gets more done. */
  @Test
  void aServerThatWorksInBatchesGetsTheBatchThatItIsWorth() {
    for (int capacity : new int[] {16, 64, 256}) {
      Server server = new Server(capacity, false);
      for (long seed = 1; seed <= 3; seed++) {
        Result best = fixed(1024, server, seed);
        Result result = run(new Window(32, 1024, 0), server, seed);

        assertThat((double) result.tokens() / best.tokens())
            .as("tokens, capacity %d, seed %d", capacity, seed)
            .isGreaterThan(0.9);
      }
    }
  }

  @Test
  void aServerThatGetsMoreSlotsIsFilledAnew() {
    SimulatedServer.Form small =
        new SimulatedServer.Form(32, 500 * MILLI, SimulatedServer.Lengths.LOGNORMAL, false);
    SimulatedServer.Form large =
        new SimulatedServer.Form(256, 500 * MILLI, SimulatedServer.Lengths.LOGNORMAL, false);

    SimulatedServer.Result result =
        SimulatedServer.run(new Window(32, 1024, 0), small, large, 120, 1);

    assertThat(result.share()).isGreaterThan(0.85);
    assertThat(result.size()).isGreaterThan(256);
  }

  @Test
  void theWindowSaysWhyItIsAsItIs() {
    Window window = new Window(32, 1024, 0);
    assertThat(window.why(0)).isEqualTo(new WindowReason(Cause.STARTING, 32, 32));

    SimulatedServer.run(
        window,
        new SimulatedServer.Form(64, 200 * MILLI, SimulatedServer.Lengths.FIXED, false),
        10,
        3);
    assertThat(window.why(1000 * SECOND).cause()).isEqualTo(Cause.ENOUGH);
    assertThat(window.why(1000 * SECOND).at()).isBetween(50, 400);

    window.refused(1000 * SECOND, 40, 1000 * SECOND);
    assertThat(window.why(1000 * SECOND)).isEqualTo(new WindowReason(Cause.REFUSED, 40, 40));
    window.cap(10);
    assertThat(window.why(1000 * SECOND)).isEqualTo(new WindowReason(Cause.CAPPED, 10, 10));
    assertThat(new Window(7, 7, 0).why(0)).isEqualTo(new WindowReason(Cause.FIXED, 7, 7));
  }

  @Test
  void aServerThatLosesThreeQuartersOfItsCapacityIsFollowed() {
    Server before = new Server(128, true);
    Server after = new Server(32, true);

    Result result = run(new Window(64, 1024, 0), before, after, 600, 3);

    assertThat(result.size()).isBetween(16, 40);
  }

  /** A small job cannot know what the server would do with more; the next one starts as large. */
  @Test
  void callsThatDoNotFillTheWindowDoNotShrinkIt() {
    Window window = new Window(32, 64, 0);
    for (int i = 1; i < 200; i++) {
      window.answered(i * SECOND - SECOND / 5, 1 + i % 3, i * SECOND, 1);
    }

    assertThat(window.size(1000 * SECOND)).isGreaterThanOrEqualTo(32);
  }

  @Test
  void aRefusalIsACeilingAtOnceAndCallsRefusedTogetherAreOne() {
    Window window = new Window(64, 1024, 0);

    for (int others = 63; others >= 40; others--) {
      window.refused(0, others, SECOND);
    }

    assertThat(window.size(SECOND)).isEqualTo(40);
  }

  /** With one size alone in sight there is nothing to compare; the ceiling says how far to go. */
  @Test
  void aWindowThatBeganUnderARefusalComesBack() {
    Window window = new Window(32, 1024, 0);
    window.refused(0, 1, 2 * MILLI);

    for (long now = 2 * SECOND; now <= 120 * SECOND; now += 2 * SECOND) {
      for (int call = 1; call <= window.size(now); call++) {
        window.answered(now - 2 * SECOND, call, now, 1);
      }
    }

    assertThat(window.size(120 * SECOND)).isGreaterThan(8);
  }

  @Test
  void refusalsThatGoOnShrinkTheWindowFasterAndFaster() {
    Window window = new Window(64, 1024, 0);

    for (int i = 1; i <= 8; i++) {
      window.refused(i * SECOND / 4, 63, i * SECOND / 4);
    }

    assertThat(window.size(3 * SECOND)).isLessThan(16);
  }

  @Test
  void theCapHoldsAtOnceAndTheWindowComesBackWhenItIsRaised() {
    Window window = new Window(64, 1024, 0);

    window.cap(5);
    assertThat(window.size(0)).isEqualTo(5);
    window.cap(0);
    assertThat(window.size(0)).isZero();
    window.cap(1024);
    assertThat(window.size(0)).isEqualTo(64);
  }

  @Test
  void theWindowNeverClosesByItself() {
    Window window = new Window(2, 4, 0);

    for (int i = 1; i < 100; i++) {
      window.refused(i * SECOND, 1, i * SECOND + 1);
    }

    assertThat(window.size(100 * SECOND)).isEqualTo(1);
  }
}
