package bedload.collect;

import bedload.catalog.Catalog;
import bedload.catalog.SourceLease;
import bedload.catalog.Sources;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs every source when it is due, each on a thread of its own, so that a slow one holds up
 * nobody. Several nodes share the sources out among each other.
 */
public final class SourceRounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceRounds.class);

  /** A sync holds a connection to the database while it writes, and a page in memory. */
  private static final int SYNCS_AT_ONCE = 8;

  private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(10);

  private record Place(String account, String region) {}

  private final Map<Place, SourceSync> syncs = new HashMap<>();
  private final Sources sources;
  private final String node;
  private final Semaphore places = new Semaphore(SYNCS_AT_ONCE);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("source-", 0).factory());

  /**
   * Makes the rounds of sources, which the catalog knows from now on.
   *
   * @param node who syncs, for the others to see
   */
  public SourceRounds(
      List<Source> configured,
      SdkProviders providers,
      String node,
      Jdbi jdbi,
      Catalog catalog,
      Sources sources,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.sources = sources;
    this.node = node;
    for (Source source : configured) {
      SourceSync sync =
          new SourceSync(
              source,
              providers.of(source),
              new CallPace(source.callsPerSecond(), nanoTime),
              this::waited,
              random,
              jdbi,
              catalog,
              sources,
              clock);
      syncs.put(new Place(source.account().value(), source.region()), sync);
    }
    sources.declare(node, configured.stream().map(Source::declared).toList());
  }

  /** Begins to sync what is due, as far as there are places, and returns how many that are. */
  public int step() {
    int begun = 0;
    while (places.tryAcquire()) {
      Optional<SourceLease> lease = sources.claimDue(node);
      SourceSync sync =
          lease.map(given -> syncs.get(new Place(given.account(), given.region()))).orElse(null);
      if (lease.isEmpty() || sync == null) {
        places.release();
        return begun;
      }
      threads.execute(() -> sync(sync, lease.get()));
      begun++;
    }
    return begun;
  }

  private void sync(SourceSync sync, SourceLease lease) {
    try {
      sync.run(lease);
    } catch (RuntimeException e) {
      LOG.warn(
          "Collecting {} in {} broke off; it goes on when its lease has run out",
          lease.account(),
          lease.region(),
          e);
    } finally {
      places.release();
    }
  }

  private boolean waited(Duration duration) {
    try {
      return !closing.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Lets syncs that run come to the end of their page, and starts no more. */
  @Override
  public void close() {
    closing.countDown();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE_AT_CLOSE.toNanos(), TimeUnit.NANOSECONDS)) {
        threads.shutdownNow();
        LOG.warn("A sync did not end within {} s", PATIENCE_AT_CLOSE.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    syncs.values().forEach(SourceSync::close);
  }
}
