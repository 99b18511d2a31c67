package bedload.trace;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.Lease;
import bedload.job.RecordCounts;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sends spans by OTLP over HTTP, as OpenTelemetry's own variables say. */
final class OpenTelemetryTraces implements Traces {
  /** Calls a second and node that are recorded unless the environment says another number. */
  private static final double CALLS_PER_SECOND = 10;

  private static final String CALLS_VARIABLE = "BEDLOAD_TRACED_CALLS_PER_SECOND";
  private static final String INSTANCE = "service.instance.id=";
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private static final AttributeKey<String> ARN = AttributeKey.stringKey("bedload.job.arn");
  private static final AttributeKey<String> JOB_NAME = AttributeKey.stringKey("bedload.job.name");
  private static final AttributeKey<String> ACCOUNT = AttributeKey.stringKey("cloud.account.id");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("bedload.model.id");
  private static final AttributeKey<String> STATUS = AttributeKey.stringKey("bedload.job.status");
  private static final AttributeKey<Long> TOTAL = AttributeKey.longKey("bedload.records.total");
  private static final AttributeKey<Long> SUCCESS = AttributeKey.longKey("bedload.records.success");
  private static final AttributeKey<Long> ERROR = AttributeKey.longKey("bedload.records.error");
  private static final AttributeKey<Long> SHARD = AttributeKey.longKey("bedload.shard.number");
  private static final AttributeKey<Long> EPOCH = AttributeKey.longKey("bedload.shard.epoch");

  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;
  private final CallRate rate;

  private OpenTelemetryTraces(OpenTelemetrySdk sdk, CallRate rate) {
    this.sdk = sdk;
    this.tracer = sdk.getTracer("bedload");
    this.rate = rate;
  }

  static OpenTelemetryTraces open(Map<String, String> environment, String node) {
    CallRate rate = new CallRate(callsPerSecond(environment), System::nanoTime);
    Map<String, String> properties = properties(environment, node);
    requireHttp(properties);
    // What OpenTelemetry has to say goes to the log of the service, as everything else does.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesCustomizer(_ -> properties)
              .addTracerProviderCustomizer(
                  (provider, _) -> provider.setIdGenerator(JobTraceIds.generator()))
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk();
      return new OpenTelemetryTraces(sdk, rate);
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(
          "Traces cannot be sent as OpenTelemetry's variables say: " + e.getMessage(), e);
    }
  }

  /** Returns OpenTelemetry's variables under its names of properties, with what is ours alone. */
  private static Map<String, String> properties(Map<String, String> environment, String node) {
    Map<String, String> properties = new HashMap<>();
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith("OTEL_")) {
            properties.put(variable.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    properties.putIfAbsent("otel.service.name", "bedload");
    properties.putIfAbsent("otel.exporter.otlp.protocol", "http/protobuf");
    String resource = properties.getOrDefault("otel.resource.attributes", "");
    if (!resource.contains(INSTANCE)) {
      String separator = resource.isEmpty() ? "" : ",";
      properties.put("otel.resource.attributes", resource + separator + INSTANCE + node);
    }
    // Figures are for Prometheus and the log is a file: only traces go this way.
    properties.put("otel.metrics.exporter", "none");
    properties.put("otel.logs.exporter", "none");
    return properties;
  }

  private static void requireHttp(Map<String, String> properties) {
    String protocol =
        properties.getOrDefault(
            "otel.exporter.otlp.traces.protocol",
            properties.getOrDefault("otel.exporter.otlp.protocol", ""));
    if (!protocol.equals("http/protobuf")) {
      throw new IllegalArgumentException(
          "Traces are sent by http/protobuf; OTEL_EXPORTER_OTLP_PROTOCOL asks for %s. Leave it out, and name the collector's HTTP port, mostly 4318, in the endpoint."
              .formatted(protocol));
    }
  }

  private static double callsPerSecond(Map<String, String> environment) {
    String wanted = environment.get(CALLS_VARIABLE);
    if (wanted == null || wanted.isBlank()) {
      return CALLS_PER_SECOND;
    }
    try {
      return Double.parseDouble(wanted);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s is a number, 0 for none; this is '%s'".formatted(CALLS_VARIABLE, wanted), e);
    }
  }

  @Override
  public boolean areOn() {
    return true;
  }

  @Override
  public ShardSpan shard(Job job, Lease lease) {
    JobTraceIds ids = JobTraceIds.of(job);
    Span span =
        tracer
            .spanBuilder("shard %d".formatted(lease.shard().number()))
            .setParent(under(ids))
            .setAttribute(ARN, job.arn())
            .setAttribute(MODEL, job.spec().modelId())
            .setAttribute(SHARD, (long) lease.shard().number())
            .setAttribute(EPOCH, (long) lease.epoch())
            .setAttribute(TOTAL, (long) lease.shard().records())
            .startSpan();
    return new OpenTelemetryShard(tracer, span, job, rate);
  }

  /** The span of the job itself is written when it has ended; whoever is first, its id is known. */
  private Context under(JobTraceIds ids) {
    boolean isSampled =
        sdk.getSdkTracerProvider()
                .getSampler()
                .shouldSample(
                    Context.root(),
                    ids.traceId(),
                    "job",
                    SpanKind.INTERNAL,
                    Attributes.empty(),
                    List.of())
                .getDecision()
            == SamplingDecision.RECORD_AND_SAMPLE;
    return Context.root().with(Span.wrap(remote(ids.traceId(), ids.jobSpan(), isSampled)));
  }

  private static SpanContext remote(String traceId, String spanId, boolean isSampled) {
    return SpanContext.createFromRemoteParent(
        traceId,
        spanId,
        isSampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }

  @Override
  public void job(JobStory story) {
    JobTraceIds ids = JobTraceIds.of(story.job());
    ids.naming("job", () -> writeJob(story));
    Context whole = under(ids);
    List<JobStory.Step> steps = story.steps();
    for (int i = 0; i + 1 < steps.size(); i++) {
      JobStory.Step step = steps.get(i);
      JobStory.Step next = steps.get(i + 1);
      String name = step.status().wireName();
      ids.naming(
          name,
          () ->
              tracer
                  .spanBuilder(name)
                  .setParent(whole)
                  .setAttribute(ARN, story.job().arn())
                  .setStartTimestamp(step.at())
                  .startSpan()
                  .end(next.at()));
    }
  }

  private void writeJob(JobStory story) {
    Job job = story.job();
    RecordCounts counts = job.counts();
    var builder =
        tracer
            .spanBuilder("job " + job.spec().modelId())
            .setNoParent()
            .setStartTimestamp(job.submitTime())
            .setAttribute(ARN, job.arn())
            .setAttribute(JOB_NAME, job.spec().jobName())
            .setAttribute(ACCOUNT, job.account().value())
            .setAttribute(MODEL, job.spec().modelId())
            .setAttribute(STATUS, job.status().wireName())
            .setAttribute(TOTAL, counts.total())
            .setAttribute(SUCCESS, counts.success())
            .setAttribute(ERROR, counts.error());
    story
        .cause()
        .ifPresent(
            cause -> builder.addLink(remote(cause.traceId(), cause.spanId(), cause.isSampled())));
    Span span = builder.startSpan();
    if (job.status() == JobStatus.FAILED || job.status() == JobStatus.EXPIRED) {
      String message = job.message();
      span.setStatus(StatusCode.ERROR, message == null ? job.status().wireName() : message);
    }
    span.end(story.steps().getLast().at());
  }

  @Override
  public void close() {
    var _ = sdk.shutdown().join(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
  }
}
