package bedload.trace;

import bedload.job.Job;
import bedload.job.Lease;
import java.util.Map;

/**
 * Where spans go. The trace of a job is named after its ARN, so that all nodes and all restarts of
 * them write into the same one. Thread-safe.
 */
public interface Traces extends AutoCloseable {
  /** Nothing is traced; no class of OpenTelemetry is loaded. */
  Traces OFF =
      new Traces() {
        @Override
        public boolean areOn() {
          return false;
        }

        @Override
        public ShardSpan shard(Job job, Lease lease) {
          return ShardSpan.NONE;
        }

        @Override
        public void job(JobStory story) {}

        @Override
        public void close() {}
      };

  /**
   * Returns what sends spans to the collector that the environment names; {@link #OFF} if it names
   * none.
   *
   * @param environment OpenTelemetry's variables
   * @param node this installation's name
   * @throws IllegalArgumentException with a sentence, if the variables make no sense
   */
  static Traces open(Map<String, String> environment, String node) {
    boolean isAsked =
        isSet(environment, "OTEL_EXPORTER_OTLP_ENDPOINT")
            || isSet(environment, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    boolean isRefused =
        "true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"))
            || "none".equals(environment.get("OTEL_TRACES_EXPORTER"));
    return isAsked && !isRefused ? OpenTelemetryTraces.open(environment, node) : OFF;
  }

  private static boolean isSet(Map<String, String> environment, String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
  }

  /** Says whether anything is traced. */
  boolean areOn();

  /** Begins a claim of a shard. */
  ShardSpan shard(Job job, Lease lease);

  /** Tells of a job that has ended; telling it twice writes the same spans again. */
  void job(JobStory story);

  /** Sends what is still here, for some seconds at most. */
  @Override
  void close();
}
