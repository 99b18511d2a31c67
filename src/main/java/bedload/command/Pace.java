package bedload.command;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** How a job's count of finished records grew. Not thread-safe. */
final class Pace {
  private record Sight(long nanos, long done) {}

  private final long total;
  private final List<Sight> sights = new ArrayList<>();

  Pace(long total) {
    this.total = total;
  }

  /** Notes how many were done at a time. */
  void saw(long nanos, long done) {
    if (sights.isEmpty() || done > sights.getLast().done()) {
      // Only changes: counts come in steps, and a rate is that from step to step.
      sights.add(new Sight(nanos, done));
    }
  }

  /**
   * Returns the records a second between a quarter and three quarters of all; empty if the job was
   * not seen there twice.
   */
  OptionalDouble plateau() {
    List<Sight> middle =
        sights.stream().filter(at -> 4 * at.done() >= total && 4 * at.done() <= 3 * total).toList();
    if (middle.size() < 2) {
      return OptionalDouble.empty();
    }
    Sight first = middle.getFirst();
    Sight last = middle.getLast();
    return OptionalDouble.of((last.done() - first.done()) * 1e9 / (last.nanos() - first.nanos()));
  }
}
