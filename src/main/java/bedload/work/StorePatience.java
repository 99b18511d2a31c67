package bedload.work;

import bedload.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long a job waits for a store that does not give back its segments, or refuses what it took
 * and gave before: an object may be hidden for a while, behind a mistaken right or a store that is
 * being mended. A node that starts anew begins to count anew, and so waits longer but never
 * shorter. Thread-safe.
 */
final class StorePatience {
  /** Time for people to see it and to mend it. */
  static final Duration TERM = Duration.ofMinutes(10);

  /** A node that was away for the term has not looked. */
  static final int LEAST_TRIES = 10;

  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  /** Tries in a row that were in vain. */
  record Misses(Instant first, Instant last, int tries) {
    /** Returns these and one more. */
    static Misses after(@Nullable Misses before, Instant now) {
      return before == null
          ? new Misses(now, now, 1)
          : new Misses(before.first, now, before.tries + 1);
    }

    /** Says whether they are so many over so long that there will be no other end. */
    boolean areEnough() {
      return tries >= LEAST_TRIES && !first.plus(TERM).isAfter(last);
    }
  }

  private final InstantSource clock;
  private final Map<JobId, Misses> misses = new HashMap<>();

  StorePatience(InstantSource clock) {
    this.clock = clock;
  }

  /** Notes that a try for a job was in vain once more, and says whether that is enough. */
  synchronized boolean isOverAfter(JobId job) {
    Instant now = clock.instant();
    // Another node may have ended a job, and this one would not hear of it.
    misses.values().removeIf(each -> each.last().plus(FORGOTTEN_AFTER).isBefore(now));
    Misses all = Misses.after(misses.get(job), now);
    misses.put(job, all);
    return all.areEnough();
  }

  /**
   * As above, and that is never enough before a moment.
   *
   * @param until while waiting costs nobody anything
   */
  boolean isOverAfter(JobId job, Instant until) {
    return isOverAfter(job) && !clock.instant().isBefore(until);
  }

  /** Says whether the last try for a job was in vain. */
  synchronized boolean isTriedFor(JobId job) {
    return misses.containsKey(job);
  }

  /** Notes that a job misses nothing any more. */
  synchronized void forget(JobId job) {
    misses.remove(job);
  }
}
