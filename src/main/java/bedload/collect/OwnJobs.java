package bedload.collect;

import bedload.catalog.Catalog;
import bedload.catalog.OwnSources;
import bedload.catalog.ResourceObservation;
import bedload.catalog.ResourceType;
import bedload.job.Job;
import bedload.job.JobDocument;
import bedload.ledger.Events;
import bedload.ledger.JobEvent;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/**
 * The service's own jobs as a source of the catalog: each step of a job, and each change of its
 * tags, becomes an observation, through the same document that an AWS account's job would come as.
 * Thread-safe; several nodes take turns.
 */
public final class OwnJobs {
  private static final String TABLE = "aws_bedrock_model_invocation_job";

  /** Small enough to be done before anybody waits for the locked events. */
  private static final int EVENTS_A_STEP = 100;

  private final Jdbi jdbi;
  private final Catalog catalog;
  private final OwnSources sources;
  private final ResourceType type;

  /**
   * @param jdbi the database that holds both the ledger and the catalog
   * @param sources where it is noted what was taken
   */
  public OwnJobs(Jdbi jdbi, Catalog catalog, OwnSources sources) {
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.sources = sources;
    this.type = catalog.type(TABLE);
  }

  /**
   * Takes the oldest steps that the catalog does not have yet and returns how many there were; 0 if
   * the catalog has all. A step is marked in the transaction that writes the row, so none is lost
   * and none counts twice.
   */
  public int step() {
    return jdbi.inTransaction(
        handle -> {
          List<JobEvent> events = Events.uncollected(handle, EVENTS_A_STEP);
          bySource(events)
              .forEach(
                  (source, steps) ->
                      sources.take(
                          handle,
                          source.account(),
                          source.region(),
                          catalog.recordAll(
                              handle, steps.stream().map(this::observation).toList())));
          if (!events.isEmpty()) {
            Events.markCollected(handle, events);
          }
          return events.size();
        });
  }

  private record OwnSource(String account, String region) {}

  /** In one order for all nodes, so that none waits for another that waits for it. */
  private static SortedMap<OwnSource, List<JobEvent>> bySource(List<JobEvent> events) {
    return events.stream()
        .collect(
            Collectors.groupingBy(
                event -> new OwnSource(event.job().account().value(), event.job().region()),
                () ->
                    new TreeMap<>(
                        Comparator.comparing(OwnSource::account).thenComparing(OwnSource::region)),
                Collectors.toList()));
  }

  private ResourceObservation observation(JobEvent event) {
    Job job = event.job();
    return new ResourceObservation(
        type,
        job.account().value(),
        job.region(),
        JobDocument.of(job),
        job.spec().tags(),
        event.sequence(),
        event.at());
  }
}
