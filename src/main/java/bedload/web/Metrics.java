package bedload.web;

import bedload.job.JobStatus;
import bedload.ledger.Figures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service's figures in Prometheus's form. Thread-safe. */
public final class Metrics {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  /** The figures read every job: many scrapers must not be many readings. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Supplier<Figures.Reading> source;
  private final InstantSource clock;
  private Figures.Reading figures = new Figures.Reading(List.of(), Figures.Waiting.NONE);
  private Instant readAt = Instant.MIN;

  /** Makes the figures over a source, which is read at a scrape and no more than once in 10 s. */
  public Metrics(Supplier<Figures.Reading> source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
    // Prometheus's own rules for names have no nanoseconds, and no count that is not a summary's.
    registry
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
        .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    for (JobStatus status : JobStatus.values()) {
      Gauge.builder("bedload.jobs", this, metrics -> metrics.jobs(status))
          .description("Jobs by status, of all accounts")
          .tag("status", status.wireName())
          .strongReference(true)
          .register(registry);
    }
    countRecords("success", Figures.InStatus::success);
    countRecords("error", Figures.InStatus::error);
    showWaiting();
  }

  private void showWaiting() {
    FunctionCounter.builder("bedload.jobs.started", this, metrics -> metrics.waiting().started())
        .description("Jobs that have begun to run, of all accounts")
        .register(registry);
    FunctionCounter.builder(
            "bedload.jobs.waited", this, metrics -> metrics.waiting().waitedSeconds())
        .description("How long the jobs that have begun to run had waited for it, all together")
        .baseUnit("seconds")
        .register(registry);
    // Workers are scaled by it. Its name says of what it is, so that it needs no unit.
    gauge("bedload.records.waiting", null, Figures.Waiting::records)
        .description("Records of jobs that were checked which have no outcome yet, of all nodes")
        .register(registry);
    gauge("bedload.jobs.longest.wait", "seconds", Figures.Waiting::longestSeconds)
        .description("How long the oldest of the jobs that wait has waited; 0 if none does")
        .register(registry);
    gauge("bedload.collector.waiting", "events", Figures.Waiting::uncollected)
        .description("Changes of this service's jobs that the catalog does not have yet")
        .register(registry);
    gauge("bedload.collector.lag", "seconds", Figures.Waiting::lagSeconds)
        .description("The age of the oldest of those; 0 if there is none")
        .register(registry);
  }

  private Gauge.Builder<Metrics> gauge(
      String name, @Nullable String unit, ToDoubleFunction<Figures.Waiting> figure) {
    return Gauge.builder(name, this, metrics -> figure.applyAsDouble(metrics.waiting()))
        .baseUnit(unit)
        .strongReference(true);
  }

  private Figures.Waiting waiting() {
    return fresh().waiting();
  }

  /** Returns where further figures of this process are registered. */
  public MeterRegistry registry() {
    return registry;
  }

  private void countRecords(String outcome, ToDoubleFunction<Figures.InStatus> count) {
    FunctionCounter.builder(
            "bedload.records",
            this,
            metrics -> metrics.fresh().statuses().stream().mapToDouble(count).sum())
        .description("Records that were attempted to their end")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Shows the calls in flight to what answers for a model, and how many it may have. */
  public void watchModel(String model, IntSupplier inFlight, IntSupplier limit) {
    gauge("bedload.model.in.flight", "Calls in flight on this node", model, inFlight);
    gauge("bedload.model.limit", "Calls that may be in flight on this node", model, limit);
  }

  /**
   * Shows why a model's backend gets as many calls at once as it does: 1 at the reason that holds.
   *
   * @param reasons all that there can be
   */
  public void watchReason(String model, List<String> reasons, Supplier<String> reason) {
    for (String one : reasons) {
      Gauge.builder("bedload.model.limit.reason", reason, now -> now.get().equals(one) ? 1 : 0)
          .description("1 at what decides how many calls may be in flight on this node")
          .tag("model", model)
          .tag("reason", one)
          .strongReference(true)
          .register(registry);
    }
  }

  private void gauge(String name, String description, String model, IntSupplier value) {
    Gauge.builder(name, value, IntSupplier::getAsInt)
        .description(description)
        .tag("model", model)
        .strongReference(true)
        .register(registry);
  }

  /** Counts an HTTP request in; the labels must be of few values. */
  void answered(String door, String method, int status, Duration took) {
    Timer.builder("bedload.http.requests")
        .description("HTTP requests that were answered")
        .tag("door", door)
        .tag("method", method)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(took);
  }

  /** Returns all figures as Prometheus reads them. */
  String scrape() {
    return registry.scrape();
  }

  private double jobs(JobStatus status) {
    return fresh().statuses().stream()
        .filter(figure -> figure.status() == status)
        .mapToDouble(Figures.InStatus::jobs)
        .sum();
  }

  /** A database that is away must not hide the other figures: the last known ones stand. */
  private synchronized Figures.Reading fresh() {
    Instant now = clock.instant();
    if (readAt.isBefore(now.minus(FRESH))) {
      readAt = now;
      try {
        figures = source.get();
      } catch (RuntimeException e) {
        LOG.warn("The figures of jobs could not be read: {}", e.toString());
      }
    }
    return figures;
  }
}
