package bedload.model;

import bedload.model.GoodputCurve.Point;
import bedload.model.WindowReason.Cause;
import java.util.List;

/**
 * How many calls a backend gets at once, learnt from its replies. Servers that queue never say that
 * they are full, so the window goes by goodput: it grows while more calls at once get more done,
 * and rests a little above the least number that gets all of it done. Now and then it dips for a
 * moment, to see whether fewer would do. A refused call is a ceiling at once, under which it comes
 * back bit by bit.
 *
 * <p>Too large a window costs waiting, one too small costs most of the machine; whatever is
 * uncertain is decided for the larger.
 *
 * <p>Pure arithmetic on times that the caller names; not thread-safe.
 */
final class Window {
  /** Of the most goodput seen, the share that counts as all of it. */
  private static final double ALL = 0.95;

  /** How much of the growth in calls must be found in goodput for more to be worth a try. */
  private static final double WORTH_MORE = 0.2;

  /**
   * While nothing is known of the server's end, the window is up to so many times what is known.
   */
  private static final double STARTING = 8;

  private static final double GROWING = 1.5;

  /** What the window has beyond the least that does, so that the server never waits for us. */
  private static final double SPARE_SHARE = 1.3;

  private static final int SPARE_CALLS = 4;

  private static final double DIP = 0.65;

  /** Latencies between two dips; what one costs is little then. */
  private static final double DIP_EVERY = 20;

  private static final double DIP_AGAIN = 3.5;

  private static final long LEAST_BETWEEN_DIPS = 5_000_000_000L;

  /** What was seen fades within so many latencies, and not within less than a second. */
  private static final double MEMORY = 5;

  private static final double LEAST_MEMORY = 1e9;

  /** Sightings of so many calls at once, as a share of these, that make a point of the curve. */
  private static final double BEGINNER = 0.15;

  private static final double SETTLED = 0.33;

  /** A refusal that follows another within so many latencies is met with a larger step back. */
  private static final double SOON = 3;

  private static final double LEAST_ROUND = 1e8;

  private static final double FIRST_STEP_BACK = 0.03;

  private static final double LARGEST_STEP_BACK = 0.5;

  /** How far the window goes at a time once it has been at the server's end. */
  private static final double STRIDE = 1.1;

  private final int initial;
  private final boolean fixed;
  private final GoodputCurve curve = new GoodputCurve();
  private int cap;
  private double size;
  private boolean starting = true;
  private Cause cause = Cause.STARTING;
  private double knee;
  private double latency;
  private boolean fewerMayDo;
  private long judgedAt;
  private long dipAt;
  private long dipUntil;

  /** Calls at once that were refused; none so far if it is infinite. */
  private double ceiling = Double.POSITIVE_INFINITY;

  private long refusedAt;
  private int refusedInARow;

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
    this.fixed = initial == cap;
    this.cap = cap;
    this.size = initial;
    this.judgedAt = now;
    this.dipAt = now;
    this.dipUntil = now;
    this.refusedAt = now;
  }

  /** Returns the calls that may be in flight at a time; zero only if the cap is. */
  int size(long now) {
    double wanted = now - dipUntil < 0 ? Math.max(1, size * DIP) : size;
    return (int) Math.min(wanted, cap);
  }

  /** Sets the most that the window may grow to; zero closes it. */
  void cap(int newCap) {
    if (newCap < 0) {
      throw new IllegalArgumentException("A cap cannot be negative, this is " + newCap);
    }
    cap = newCap;
  }

  /** Returns why the size is what it is. */
  WindowReason why(long now) {
    int is = size(now);
    if (now - dipUntil < 0 && is < cap) {
      return new WindowReason(Cause.DIPPING, is, (int) size);
    }
    if (fixed && is == (int) size) {
      return new WindowReason(Cause.FIXED, is, is);
    }
    if (is == cap) {
      return new WindowReason(Cause.CAPPED, is, is);
    }
    int at =
        switch (cause) {
          case ENOUGH -> (int) Math.round(knee);
          case REFUSED -> (int) Math.min(ceiling, Integer.MAX_VALUE);
          case STARTING, GROWING, DIPPING, RESTING, CAPPED, FIXED -> is;
        };
    return new WindowReason(cause, is, at);
  }

  /**
   * Learns from an answer.
   *
   * @param began when its call was sent
   * @param calls how many were in flight then, itself included
   * @param tokens the output tokens of the answer; 1 if nobody counted
   */
  void answered(long began, int calls, long now, long tokens) {
    long took = Math.max(1, now - began);
    latency = latency == 0 ? took : latency + 0.02 * (took - latency);
    curve.saw(calls, took, Math.max(1L, tokens), now, memory());
    if (now - dipUntil < 0) {
      return;
    }
    if (starting || now - judgedAt >= latency / 2) {
      judge(now);
      judgedAt = now;
    }
    if (!starting && !fixed && size < 0.8 * ceiling && now - dipAt >= untilDip()) {
      dipAt = now;
      dipUntil = now + (long) (1.5 * latency);
    }
  }

  private double untilDip() {
    // Where a dip has shown that fewer will do, the next one follows soon.
    return fewerMayDo ? DIP_AGAIN * latency : Math.max(LEAST_BETWEEN_DIPS, DIP_EVERY * latency);
  }

  private double memory() {
    return Math.max(LEAST_MEMORY, MEMORY * latency);
  }

  private double round() {
    return Math.max(LEAST_ROUND, latency);
  }

  private void judge(long now) {
    if (fixed) {
      settle(initial, now);
      return;
    }
    List<Point> points = curve.points(now, memory(), starting ? BEGINNER : SETTLED);
    if (points.isEmpty()) {
      return;
    }
    Point top = points.getLast();
    double target;
    // Who never used all of the window cannot know that it is too small.
    boolean isUsed = starting || top.calls() > 0.7 * size;
    if (isUsed && isWorthMore(points)) {
      cause = starting ? Cause.STARTING : Cause.GROWING;
      target = starting ? Math.max(size, STARTING * top.calls()) : GROWING * size;
    } else if (points.size() > 1) {
      starting = false;
      cause = Cause.ENOUGH;
      knee = knee(points);
      fewerMayDo = knee <= points.getFirst().calls();
      target = SPARE_SHARE * knee + SPARE_CALLS;
    } else {
      // Nothing to compare with. After a refusal it is the ceiling that says how far to go.
      target = ceiling < Double.POSITIVE_INFINITY ? GROWING * size : size;
    }
    if (!starting) {
      target = Math.clamp(target, size / 1.4, size * STRIDE);
    }
    settle(target, now);
  }

  private void settle(double wanted, long now) {
    double target = wanted;
    if (ceiling < Double.POSITIVE_INFINITY) {
      double under = underCeiling(now);
      if (under < target) {
        cause = Cause.REFUSED;
        target = under;
      }
    }
    // What was learnt is kept while a lower cap holds, and nothing beyond the cap is learnt.
    size = Math.max(1, Math.min(target, Math.max(size, cap)));
  }

  /** Says whether the most calls at once that are known got more done than fewer. */
  private boolean isWorthMore(List<Point> points) {
    Point top = points.getLast();
    for (Point point : points.reversed()) {
      if (!starting && point.calls() < top.calls() / 2.5) {
        return false; // so far away that it says nothing of what is between
      }
      if (point.calls() <= (starting ? 0.5 : 0.8) * top.calls()) {
        double grown =
            Math.log(top.goodput() / point.goodput()) / Math.log(top.calls() / point.calls());
        return grown > WORTH_MORE;
      }
    }
    // Nothing to compare with: only a beginner takes that for a reason to grow.
    return starting;
  }

  /** Returns the least number of calls at once that gets as much done as more do. */
  private static double knee(List<Point> points) {
    Point enough = points.getLast();
    double above = enough.goodput() * enough.weight();
    double weight = enough.weight();
    double most = enough.goodput();
    for (Point point : points.reversed().subList(1, points.size())) {
      // The mean of all that are more, because single points are off by chance.
      if (point.goodput() < ALL * above / weight) {
        double share = Math.log(ALL * most / point.goodput()) / Math.log(most / point.goodput());
        return point.calls() * Math.pow(enough.calls() / point.calls(), Math.clamp(share, 0, 1));
      }
      enough = point;
      above += point.goodput() * point.weight();
      weight += point.weight();
      most = above / weight;
    }
    return enough.calls();
  }

  private double underCeiling(long now) {
    // A call more for each few latencies without a refusal, then more and more.
    double quiet = (now - refusedAt) / round();
    return ceiling + Math.max(0, quiet - SOON) * Math.max(0.25, 0.01 * ceiling);
  }

  /**
   * Learns from a call refused for load.
   *
   * @param began when its call was sent
   * @param others how many are in flight now beside it: what the server has taken. How many there
   *     were when it was begun says nothing, for calls do not come to a server in that order
   */
  void refused(long began, int others, long now) {
    starting = false;
    boolean again = ceiling < Double.POSITIVE_INFINITY;
    if (again && (began - refusedAt < 0 || now - refusedAt < round() / 2)) {
      // Refused together with one that counts already: all of them are one refusal.
      ceiling = Math.max(1, Math.min(ceiling, others));
    } else {
      boolean soon = again && now - refusedAt < SOON * round();
      refusedInARow = soon ? refusedInARow + 1 : 0;
      double stepBack =
          Math.min(LARGEST_STEP_BACK, FIRST_STEP_BACK * (1 << Math.min(refusedInARow, 5)));
      ceiling = Math.max(1, soon ? Math.min(others, size * (1 - stepBack)) : others);
      refusedAt = now;
    }
    cause = Cause.REFUSED;
    size = Math.max(1, Math.min(size, ceiling));
  }
}
