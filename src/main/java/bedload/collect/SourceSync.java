package bedload.collect;

import bedload.catalog.Catalog;
import bedload.catalog.RecordedCounts;
import bedload.catalog.ResourceType;
import bedload.catalog.SourceLease;
import bedload.catalog.Sources;
import bedload.catalog.SyncOutcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One source's sync: every type, one after the other, and the status of it. Thread-safe. */
final class SourceSync implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceSync.class);
  private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

  private final Source source;
  private final Provider provider;
  private final CallPace pace;
  private final Pause pause;
  private final RandomGenerator random;
  private final Jdbi jdbi;
  private final Catalog catalog;
  private final Sources sources;
  private final InstantSource clock;

  SourceSync(
      Source source,
      Provider provider,
      CallPace pace,
      Pause pause,
      RandomGenerator random,
      Jdbi jdbi,
      Catalog catalog,
      Sources sources,
      InstantSource clock) {
    this.source = source;
    this.provider = provider;
    this.pace = pace;
    this.pause = pause;
    this.random = random;
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.sources = sources;
    this.clock = clock;
  }

  /**
   * Syncs the source and puts down how that went. What one type is refused does not keep the others
   * from being read.
   */
  SyncOutcome run(SourceLease lease) {
    PacedProvider paced =
        new PacedProvider(source, provider, pace, duration -> waited(lease, duration), random);
    RecordedCounts counts = RecordedCounts.NONE;
    List<String> troubles = new ArrayList<>();
    boolean goesOn = true;
    for (ResourceType type : catalog.types()) {
      if (goesOn) {
        TypeSync sync = new TypeSync(source, type, paced, lease, jdbi, catalog, sources, clock);
        try {
          sync.run();
        } catch (SourceTrouble trouble) {
          // A service that speaks a part of the API has no resources of the other types.
          if (!trouble.isUnknownOperation()) {
            troubles.add(trouble.sentence());
          }
          goesOn = !trouble.isWholeSource();
        }
        sync.troubles().stream().filter(each -> !troubles.contains(each)).forEach(troubles::add);
        counts = counts.plus(sync.counts());
      }
    }
    String error = troubles.isEmpty() ? null : String.join("\n", troubles);
    SyncOutcome outcome = new SyncOutcome(counts, paced.calls(), paced.throttled(), error);
    sources.finish(lease, outcome);
    if (error != null) {
      LOG.warn("Collecting {} in {}: {}", source.account().value(), source.region(), error);
    }
    return outcome;
  }

  /** A provider that puts off call after call would otherwise outlast the lease. */
  private boolean waited(SourceLease lease, Duration duration) {
    boolean isOurs =
        duration.compareTo(SHORT_WAIT) < 0
            || jdbi.withHandle(handle -> sources.keep(handle, lease));
    return isOurs && pause.waited(duration);
  }

  @Override
  public void close() {
    provider.close();
  }
}
