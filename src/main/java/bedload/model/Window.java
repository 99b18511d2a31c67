package bedload.model;

/**
 * How many calls a backend gets at once, learnt from its replies. It doubles each round until the
 * first sign of load, then grows by one a round; a refused call halves it, from where it doubles
 * again until shortly below the size that was too much. Servers that queue instead of refusing are
 * known by their pace: when an output token takes several times as long as it did at best, the
 * window stops growing, and goes back if it takes longer still. The pace is time per token because
 * raw latency tells more of the length of an answer than of the load.
 *
 * <p>Pace never takes the window below its initial size: a server that works in batches is slower
 * per token and yet gets more done the more it has, so that a window too large costs waiting, and
 * one too small costs most of the machine.
 *
 * <p>Pure arithmetic on times that the caller names; not thread-safe.
 */
final class Window {
  /** Beyond this many times the best pace the window does not grow. */
  private static final double SLOW = 3;

  /** Beyond this many times the best pace the window shrinks. */
  private static final double TOO_SLOW = 4;

  private static final double SHRINK_WHEN_TOO_SLOW = 0.9;

  /** How near the window comes back at once to the size at which it was refused. */
  private static final double COMES_BACK_TO = 0.9;

  /** The weight of the newest call in the running mean of the pace. */
  private static final double NEWEST = 0.05;

  /** How much the memory of the best pace fades in a round; other work has another best. */
  private static final double FADING = 1.01;

  private final int initial;
  private int cap;
  private double size;

  /** Below this size the window doubles each round, above it grows by one. */
  private double doublesBelow = Double.MAX_VALUE;

  /** Calls begun before this time say nothing about the present size. */
  private long roundBegan;

  /** Nanoseconds per token; zero until the first answer. */
  private double pace;

  /** The least pace seen, fading; zero until the first answer. */
  private double bestPace;

  /**
   * Makes a window.
   *
   * @param now a time in nanoseconds on the clock that all other times are read from
   */
  Window(int initial, int cap, long now) {
    if (initial < 1 || cap < initial) {
      throw new IllegalArgumentException(
          "A window needs 1 <= initial <= cap, not initial %d and cap %d".formatted(initial, cap));
    }
    this.initial = initial;
    this.cap = cap;
    this.size = initial;
    this.roundBegan = now;
  }

  /** Returns the calls that may be in flight now; zero only if the cap is. */
  int size() {
    return Math.min((int) size, cap);
  }

  /** Sets the most that the window may grow to; zero closes it. */
  void cap(int newCap) {
    if (newCap < 0) {
      throw new IllegalArgumentException("A cap cannot be negative, this is " + newCap);
    }
    cap = newCap;
  }

  /**
   * Learns from an answer to a call that filled the window. One that did not proves nothing: it was
   * quick because nobody else was there.
   *
   * @param began when its call was sent
   * @param tokens the output tokens of the answer; 1 if nobody counted
   */
  void answered(long began, long now, long tokens) {
    double callPace = (double) (now - began) / Math.max(1, tokens);
    pace = pace == 0 ? callPace : pace + NEWEST * (callPace - pace);
    bestPace = bestPace == 0 ? pace : Math.min(bestPace, pace);
    boolean roundEnds = began - roundBegan >= 0;
    if (roundEnds) {
      roundBegan = now;
      bestPace *= FADING;
    }
    boolean guarded = size >= initial;
    if (guarded && pace > TOO_SLOW * bestPace) {
      doublesBelow = 0;
      size = roundEnds ? Math.max(initial, size * SHRINK_WHEN_TOO_SLOW) : size;
    } else if (guarded && pace > SLOW * bestPace) {
      doublesBelow = 0;
    } else {
      size = Math.min(Math.max(1, cap), size + (size < doublesBelow ? 1 : 1 / size));
    }
  }

  /**
   * Learns from a call refused for load. Calls that were in flight together are refused together
   * and halve the window once.
   */
  void refused(long began, long now) {
    if (began - roundBegan >= 0) {
      // From the cap, not from what the window had grown to before the cap was lowered.
      double tooMuch = Math.min(size, Math.max(1, cap));
      doublesBelow = COMES_BACK_TO * tooMuch;
      size = Math.max(1, tooMuch / 2);
      roundBegan = now;
    }
  }
}
