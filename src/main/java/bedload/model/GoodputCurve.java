package bedload.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much work a backend gets done, by how many calls it has at once. Each answer is one sighting:
 * a call that began as the n-th in flight and took so long for so much work says, by Little's law,
 * that n at once get n × work / time done. Work is output tokens, so that a long answer is no sign
 * of load. Old sightings fade, since servers and their other users change.
 *
 * <p>Pure arithmetic on times that the caller names; not thread-safe.
 */
final class GoodputCurve {
  /** Four steps to each doubling: fine enough to tell 1.2 times as many calls apart. */
  private static final int STEPS_PER_DOUBLING = 4;

  private static final int STEPS = 24 * STEPS_PER_DOUBLING;

  /** What is known of about so many calls at once; all but the time are fading sums. */
  private static final class Step {
    private double weight;
    private double calls;
    private double nanos;
    private double work;
    private long seenAt;
  }

  /**
   * A point of the curve.
   *
   * @param calls at once
   * @param goodput work per nanosecond
   * @param weight sightings, of which old ones count less
   */
  record Point(double calls, double goodput, double weight) {}

  private final Step[] steps = new Step[STEPS];

  /**
   * Takes in one answer.
   *
   * @param calls how many were in flight when its call began, itself included
   * @param memoryNanos after so long a sighting weighs a third
   */
  void saw(int calls, long tookNanos, long work, long now, double memoryNanos) {
    int index = Math.min(STEPS - 1, (int) (STEPS_PER_DOUBLING * Math.log(calls) / Math.log(2)));
    Step step = steps[index];
    if (step == null) {
      step = new Step();
      steps[index] = step;
    }
    double left = Math.exp((step.seenAt - now) / memoryNanos);
    step.weight = step.weight * left + 1;
    step.calls = step.calls * left + calls;
    step.nanos = step.nanos * left + tookNanos;
    step.work = step.work * left + work;
    step.seenAt = now;
  }

  /** Returns what is known well enough, from few calls at once to many. */
  List<Point> points(long now, double memoryNanos, double share) {
    List<Point> points = new ArrayList<>();
    for (Step step : steps) {
      if (step != null) {
        double calls = step.calls / step.weight;
        double weight = step.weight * Math.exp((step.seenAt - now) / memoryNanos);
        if (weight >= share * calls) {
          points.add(new Point(calls, calls * step.work / Math.max(1, step.nanos), weight));
        }
      }
    }
    return points;
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(steps, null);
  }
}
