package bedload.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How fast models are of late: a mean over the last half minute, which is kept for an hour when
 * nothing runs.
 */
final class Paces {
  private static final Duration MEAN_OVER = Duration.ofSeconds(30);

  /** Two looks at the same progress tell nothing. */
  private static final Duration SHORTEST_LOOK = Duration.ofMillis(500);

  private static final Duration UNBROKEN = Duration.ofSeconds(15);
  private static final Duration KEPT = Duration.ofHours(1);

  /** A mean fades and is never nought: less than a record in ten minutes is no pace at all. */
  static final double SLOWEST = 1.0 / 600;

  private Paces() {}

  /**
   * Carries a mean on.
   *
   * @param before the mean until {@code from}; null if there is none
   * @param done how many records were done since {@code from}
   * @param begin when the mean began; a short one gives way to what is new sooner
   */
  static double smooth(
      @Nullable Double before, long done, Instant from, Instant begin, Instant now) {
    double look = seconds(Duration.between(from, now));
    if (look < seconds(SHORTEST_LOOK)) {
      return before == null ? 0 : before;
    }
    double current = done / look;
    double age = Math.min(seconds(MEAN_OVER), seconds(Duration.between(begin, now)));
    double weight = before == null || age <= look ? 1 : look / age;
    return before == null ? current : before + (current - before) * weight;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private record Kept(double recordsPerSecond, Instant from, Instant at) {}

  private static final String KEPT_PACES =
      """
      select model_key, records_per_second, measured_from, measured_at
        from ledger.model_pace
       where measured_at > :oldest
      """;

  private static final String KEEP =
      """
      insert into ledger.model_pace (model_key, records_per_second, measured_from, measured_at)
      values (:model, :pace, :from, :now)
      on conflict (model_key) do update
         set records_per_second = excluded.records_per_second,
             measured_from = excluded.measured_from,
             measured_at = excluded.measured_at
      """;

  /** Returns the records a second of each model for all its jobs together, and keeps them. */
  static Map<String, Double> measure(
      Handle handle, List<QueuePlaces.Progress> progress, Instant now) {
    Map<String, Kept> kept = kept(handle, now);
    Map<String, Double> paces = new HashMap<>();
    kept.forEach((model, pace) -> paces.put(model, pace.recordsPerSecond()));
    progress.stream()
        .collect(Collectors.groupingBy(each -> each.entry().model()))
        .forEach(
            (model, jobs) -> {
              @Nullable Kept last = kept.get(model);
              boolean isUnbroken = last != null && last.at().plus(UNBROKEN).isAfter(now);
              // What was known of the model's former jobs is better than nothing.
              measured(jobs, isUnbroken ? last : null, now)
                  .ifPresent(
                      measured -> {
                        if (measured.recordsPerSecond() < SLOWEST) {
                          paces.remove(model);
                        } else {
                          paces.put(model, measured.recordsPerSecond());
                        }
                        keep(handle, model, measured);
                      });
            });
    return paces;
  }

  private static Optional<Kept> measured(
      List<QueuePlaces.Progress> jobs, @Nullable Kept last, Instant now) {
    Instant start =
        jobs.stream().map(QueuePlaces.Progress::startedAt).min(Instant::compareTo).orElseThrow();
    Instant begin = last == null ? start : last.from();
    Instant from = last == null ? start : last.at();
    long done = jobs.stream().mapToLong(QueuePlaces.Progress::done).sum();
    double pace = smooth(last == null ? null : last.recordsPerSecond(), done, from, begin, now);
    return pace > 0 && Duration.between(from, now).compareTo(SHORTEST_LOOK) >= 0
        ? Optional.of(new Kept(pace, begin, now))
        : Optional.empty();
  }

  private static Map<String, Kept> kept(Handle handle, Instant now) {
    Map<String, Kept> kept = new HashMap<>();
    handle
        .createQuery(KEPT_PACES)
        .bind("oldest", now.minus(KEPT))
        .map(
            (row, context) ->
                Map.entry(
                    row.getString("model_key"),
                    new Kept(
                        row.getDouble("records_per_second"),
                        JobRows.instant(row, "measured_from"),
                        JobRows.instant(row, "measured_at"))))
        .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    return kept;
  }

  private static void keep(Handle handle, String model, Kept pace) {
    handle
        .createUpdate(KEEP)
        .bind("model", model)
        .bind("pace", pace.recordsPerSecond())
        .bind("from", pace.from())
        .bind("now", pace.at())
        .execute();
  }
}
