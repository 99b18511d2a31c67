package bedload.work;

import bedload.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * How long a job waits for segments that its store does not give back: an object may be hidden for
 * a while, behind a mistaken right or a store that is being mended. A node that starts anew begins
 * to count anew, and so waits longer but never shorter. Thread-safe.
 */
final class LossPatience {
  /** Time for people to see it and to bring an object back. */
  static final Duration TERM = Duration.ofMinutes(10);

  /** A node that was away for the term has not looked. */
  static final int LEAST_TRIES = 10;

  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  private record Misses(Instant first, Instant last, int tries) {}

  private final InstantSource clock;
  private final Map<JobId, Misses> misses = new HashMap<>();

  LossPatience(InstantSource clock) {
    this.clock = clock;
  }

  /** Notes that a job missed a segment once more, and says whether that is enough. */
  synchronized boolean isOverAfter(JobId job) {
    Instant now = clock.instant();
    // Another node may have ended a job, and this one would not hear of it.
    misses.values().removeIf(each -> each.last().plus(FORGOTTEN_AFTER).isBefore(now));
    Misses before = misses.get(job);
    Misses all =
        before == null
            ? new Misses(now, now, 1)
            : new Misses(before.first(), now, before.tries() + 1);
    misses.put(job, all);
    return all.tries() >= LEAST_TRIES && !all.first().plus(TERM).isAfter(now);
  }

  /** Notes that a job misses nothing any more. */
  synchronized void forget(JobId job) {
    misses.remove(job);
  }
}
