package bedload.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Lease;
import bedload.job.RecordCounts;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import bedload.job.Traceparent;
import bedload.ledger.JobSpecs;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a collector gets to see, by OTLP over HTTP. */
class TracesTest {
  private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant ENDED = BEGUN.plusSeconds(60);
  private static final Job JOB =
      new Job(
          new JobId("abcdefghij12"),
          AccountId.DEFAULT,
          "us-east-1",
          JobSpecs.named("labels"),
          JobStatus.COMPLETED,
          null,
          BEGUN,
          ENDED,
          ENDED,
          new RecordCounts(10, 9, 1));
  private static final Lease LEASE = new Lease(new Shard(JOB.id(), 3, 0, 0L, 100L, 20L, 10), 2);

  private final FakeCollector collector = new FakeCollector();

  @AfterEach
  void close() {
    collector.close();
  }

  private Traces open(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
    return Traces.open(environment, "node-a");
  }

  private static JobStory story(Optional<Traceparent> cause) {
    return new JobStory(
        JOB,
        List.of(
            new JobStory.Step(JobStatus.SUBMITTED, BEGUN),
            new JobStory.Step(JobStatus.VALIDATING, BEGUN.plusSeconds(1)),
            new JobStory.Step(JobStatus.SCHEDULED, BEGUN.plusSeconds(3)),
            new JobStory.Step(JobStatus.IN_PROGRESS, BEGUN.plusSeconds(8)),
            new JobStory.Step(JobStatus.COMPLETED, ENDED)),
        cause);
  }

  @Test
  void nothingIsTracedUnlessACollectorIsNamed() {
    assertThat(Traces.open(Map.of(), "node-a")).isSameAs(Traces.OFF);
    assertThat(
            Traces.open(
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1",
                    "OTEL_SDK_DISABLED", "true"),
                "node-a"))
        .isSameAs(Traces.OFF);
    assertThat(Traces.OFF.shard(JOB, LEASE).call(0).traceparent()).isEmpty();
  }

  /** The node that ends a job has never met the one that ran its shard. */
  @Test
  void spansOfDifferentNodesMeetInOneTrace() {
    String sent;
    try (Traces first = open(Map.of())) {
      ShardSpan shard = first.shard(JOB, LEASE);
      CallSpan call = shard.call(27);
      sent = call.traceparent().orElseThrow();
      call.asks(CallSpan.Operation.CHAT, "openai", "llama3.2");
      call.sentTo(URI.create("http://10.0.0.1:8000/v1/chat/completions"));
      call.answered(TokenUsage.of(12L, 34L));
      call.close();
      shard.close();
    }
    try (Traces second = open(Map.of())) {
      second.job(story(Optional.empty()));
    }

    FakeCollector.Received job = collector.named("job ").getFirst();
    FakeCollector.Received shard = collector.named("shard ").getFirst();
    FakeCollector.Received call = collector.named("chat ").getFirst();
    assertThat(collector.received())
        .extracting(FakeCollector.Received::traceId)
        .containsOnly(job.traceId());
    assertThat(job.parentId()).isEmpty();
    assertThat(job.attributes())
        .containsEntry("bedload.job.arn", JOB.arn())
        .containsEntry("bedload.job.status", "Completed")
        .containsEntry("bedload.records.error", "1");
    assertThat(job.span().getStartTimeUnixNano()).isEqualTo(BEGUN.toEpochMilli() * 1_000_000);
    assertThat(job.span().getEndTimeUnixNano()).isEqualTo(ENDED.toEpochMilli() * 1_000_000);
    assertThat(shard.parentId()).isEqualTo(job.spanId());
    assertThat(shard.attributes())
        .containsEntry("bedload.shard.number", "3")
        .containsEntry("bedload.shard.epoch", "2");
    assertThat(call.parentId()).isEqualTo(shard.spanId());
    assertThat(call.name()).isEqualTo("chat llama3.2");
    assertThat(call.attributes())
        .containsEntry("gen_ai.operation.name", "chat")
        .containsEntry("gen_ai.provider.name", "openai")
        .containsEntry("gen_ai.request.model", "llama3.2")
        .containsEntry("gen_ai.usage.input_tokens", "12")
        .containsEntry("gen_ai.usage.output_tokens", "34")
        .containsEntry("server.address", "10.0.0.1")
        .containsEntry("server.port", "8000")
        .containsEntry("bedload.record.number", "27");
    assertThat(sent).isEqualTo("00-%s-%s-01".formatted(call.traceId(), call.spanId()));
  }

  @Test
  void theTimeInEachStatusIsAChildOfTheJob() {
    try (Traces traces = open(Map.of())) {
      traces.job(story(Optional.empty()));
    }

    FakeCollector.Received job = collector.named("job ").getFirst();
    FakeCollector.Received waited = collector.named("Scheduled").getFirst();
    assertThat(waited.parentId()).isEqualTo(job.spanId());
    assertThat(waited.span().getEndTimeUnixNano() - waited.span().getStartTimeUnixNano())
        .isEqualTo(5_000_000_000L);
    assertThat(collector.received()).hasSize(5);
  }

  /** A restart between the export and the book of announcements tells the same job again. */
  @Test
  void aJobToldTwiceIsTheSameSpans() {
    try (Traces traces = open(Map.of())) {
      traces.job(story(Optional.empty()));
      traces.job(story(Optional.empty()));
    }

    assertThat(collector.received()).hasSize(10);
    assertThat(collector.received().stream().map(FakeCollector.Received::spanId).distinct())
        .hasSize(5);
  }

  @Test
  void theCallersTraceIsLinked() {
    Traceparent cause =
        Traceparent.parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").orElseThrow();
    try (Traces traces = open(Map.of())) {
      traces.job(story(Optional.of(cause)));
    }

    var links = collector.named("job ").getFirst().span().getLinksList();
    assertThat(links).hasSize(1);
    assertThat(links.getFirst().getTraceId().toByteArray())
        .asHexString()
        .isEqualToIgnoringCase(cause.traceId());
    assertThat(links.getFirst().getSpanId().toByteArray())
        .asHexString()
        .isEqualToIgnoringCase(cause.spanId());
  }

  @Test
  void theServiceIsNamedAsTheEnvironmentHasIt() {
    try (Traces traces = open(Map.of())) {
      traces.job(story(Optional.empty()));
    }
    assertThat(collector.received().getFirst().resource())
        .containsEntry("service.name", "bedload")
        .containsEntry("service.instance.id", "node-a");

    try (Traces traces =
        open(
            Map.of(
                "OTEL_SERVICE_NAME", "nightly",
                "OTEL_RESOURCE_ATTRIBUTES",
                    "deployment.environment.name=prod,service.instance.id=mine"))) {
      traces.job(story(Optional.empty()));
    }
    assertThat(collector.received().getLast().resource())
        .containsEntry("service.name", "nightly")
        .containsEntry("service.instance.id", "mine")
        .containsEntry("deployment.environment.name", "prod");
  }

  @ParameterizedTest
  @CsvSource({"always_off,", "parentbased_traceidratio, 0", "traceidratio, 0"})
  void aTraceThatIsNotSampledSendsNothingButTellsTheServerSo(String sampler, String argument) {
    Map<String, String> environment = new HashMap<>();
    environment.put("OTEL_TRACES_SAMPLER", sampler);
    if (argument != null) {
      environment.put("OTEL_TRACES_SAMPLER_ARG", argument);
    }
    String sent;
    try (Traces traces = open(environment)) {
      ShardSpan shard = traces.shard(JOB, LEASE);
      CallSpan call = shard.call(0);
      sent = call.traceparent().orElseThrow();
      call.close();
      shard.close();
      traces.job(story(Optional.empty()));
    }

    assertThat(collector.received()).isEmpty();
    assertThat(Traceparent.parse(sent).orElseThrow().isSampled()).isFalse();
  }

  /** A job of a million records must not send a million spans. */
  @Test
  void onlySomeCallsASecondAreRecordedAndTheOthersStillNameTheTrace() {
    try (Traces traces = open(Map.of("BEDLOAD_TRACED_CALLS_PER_SECOND", "0.001"))) {
      ShardSpan shard = traces.shard(JOB, LEASE);
      for (int i = 0; i < 50; i++) {
        CallSpan call = shard.call(i);
        Traceparent sent = Traceparent.parse(call.traceparent().orElseThrow()).orElseThrow();
        assertThat(sent.isSampled()).isEqualTo(i == 0);
        call.asks(CallSpan.Operation.CHAT, "openai", "llama3.2");
        call.answered(TokenUsage.UNKNOWN);
        call.close();
      }
      shard.close();
    }

    assertThat(collector.named("chat ")).hasSize(1);
    assertThat(collector.named("shard ")).hasSize(1);
  }

  @Test
  void aCallThatCameToNothingIsAnError() {
    try (Traces traces = open(Map.of())) {
      ShardSpan shard = traces.shard(JOB, LEASE);
      CallSpan failed = shard.call(0);
      failed.asks(CallSpan.Operation.EMBEDDINGS, "openai", "e5");
      failed.failed(429, "Slow down");
      failed.close();
      CallSpan cut = shard.call(1);
      cut.asks(CallSpan.Operation.CHAT, "openai", "llama3.2");
      cut.close();
      shard.failed("gone");
      shard.close();
    }

    assertThat(collector.named("embeddings e5").getFirst().attributes())
        .containsEntry("error.type", "429");
    assertThat(collector.named("chat ").getFirst().attributes())
        .containsEntry("error.type", "cancelled");
    assertThat(collector.named("shard ").getFirst().span().getStatus().getMessage())
        .isEqualTo("gone");
  }

  @Test
  void variablesThatMakeNoSenseAreRefusedWithASentence() {
    assertThatThrownBy(() -> open(Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4318");
    assertThatThrownBy(() -> open(Map.of("BEDLOAD_TRACED_CALLS_PER_SECOND", "many")))
        .hasMessageContaining("BEDLOAD_TRACED_CALLS_PER_SECOND");
    assertThatThrownBy(() -> open(Map.of("OTEL_TRACES_SAMPLER", "perhaps")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("perhaps");
  }
}
