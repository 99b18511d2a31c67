package bedload.work;

import bedload.job.JobId;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's places for shards. Where all are taken and a job comes none of whose shards runs
 * anywhere, the job that has most of them is asked to give back the one that it would need last:
 * else a small job would wait until ten thousand records of a large one are done. Thread-safe.
 */
final class ShardPlaces {
  private static final Logger LOG = LoggerFactory.getLogger(ShardPlaces.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final int places;
  private final Supplier<Set<JobId>> jobsWithoutPlace;
  private final LongSupplier nanoTime;
  private final List<Place> taken = new CopyOnWriteArrayList<>();
  private final AtomicLong claims = new AtomicLong();
  private final AtomicLong nextLook;

  /** Those that were without a place at the last look: one look may come between two steps. */
  private Set<JobId> waiting = Set.of();

  /**
   * @param places how many there are
   * @param jobsWithoutPlace jobs whose shards are due and none of whose shards runs on any node
   */
  ShardPlaces(int places, Supplier<Set<JobId>> jobsWithoutPlace, LongSupplier nanoTime) {
    this.places = places;
    this.jobsWithoutPlace = jobsWithoutPlace;
    this.nanoTime = nanoTime;
    this.nextLook = new AtomicLong(nanoTime.getAsLong());
  }

  /** One shard's place. */
  final class Place implements AutoCloseable {
    private final JobId job;
    private final long claim;
    private volatile boolean asked;

    private Place(JobId job, long claim) {
      this.job = job;
      this.claim = claim;
    }

    /** Returns how many were taken on this node before. */
    long claim() {
      return claim;
    }

    /**
     * Says whether the shard is to begin no more calls and to be handed over once it has none in
     * flight. Asked by everyone who holds a place, all the time; whoever asks looks for all.
     */
    boolean isWantedBack() {
      lookIfDue();
      return asked;
    }

    @Override
    public void close() {
      taken.remove(this);
    }
  }

  /** Takes a place for a shard that was claimed. */
  Place take(JobId job) {
    Place place = new Place(job, claims.getAndIncrement());
    taken.add(place);
    return place;
  }

  private void lookIfDue() {
    long now = nanoTime.getAsLong();
    long due = nextLook.get();
    if (taken.size() >= places
        && now - due >= 0
        && nextLook.compareAndSet(due, now + LOOK_EVERY.toNanos())) {
      try {
        look(jobsWithoutPlace.get());
      } catch (RuntimeException e) {
        LOG.debug("Cannot look for jobs without a place", e);
      }
    }
  }

  private synchronized void look(Set<JobId> found) {
    Set<JobId> still = new HashSet<>(found);
    still.retainAll(waiting);
    waiting = Set.copyOf(found);
    long given = taken.stream().filter(place -> place.asked).count();
    for (long wanted = still.size() - given; wanted > 0; wanted--) {
      Optional<Place> place = dispensable();
      if (place.isEmpty()) {
        return;
      }
      place.get().asked = true;
      LOG.info(
          "Job {} gives a place of its on this node to one that has none", place.get().job.value());
    }
  }

  /** Returns the place that was taken last by the job that has most; empty if none has two. */
  private Optional<Place> dispensable() {
    Map<JobId, List<Place>> byJob =
        taken.stream()
            .filter(place -> !place.asked)
            .collect(Collectors.groupingBy(place -> place.job));
    return byJob.values().stream()
        .filter(ofJob -> ofJob.size() > 1)
        .max(Comparator.comparingInt(List::size))
        .flatMap(ofJob -> ofJob.stream().max(Comparator.comparingLong(Place::claim)));
  }
}
