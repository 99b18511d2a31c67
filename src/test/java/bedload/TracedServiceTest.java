package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.Traceparent;
import bedload.model.ModelEntry;
import bedload.model.TestModelServer;
import bedload.model.body.Family;
import bedload.trace.FakeCollector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;

/** A whole service whose environment names a collector, from the caller's trace to the model's. */
@Tag("slow")
class TracedServiceTest {
  private static final int RECORDS = 100;
  private static final String CAUSE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @TempDir private Path folder;
  private final List<String> headers = new CopyOnWriteArrayList<>();

  @Test
  void aJobIsOneTraceFromItsCallerToTheModelServer() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (FakeCollector collector = new FakeCollector();
        TestModelServer server = TestModelServer.start(this::answer);
        Wiring wiring =
            Wiring.start(
                settings(server),
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    collector.endpoint(),
                    "OTEL_BSP_SCHEDULE_DELAY",
                    "100"));
        S3Client s3 = ServiceClients.s3(wiring.service());
        BedrockClient bedrock = ServiceClients.bedrock(wiring.service())) {
      s3.createBucket(bucket -> bucket.bucket("bucket"));
      s3.putObject(
          request -> request.bucket("bucket").key("in.jsonl"), RequestBody.fromString(records()));
      String arn = create(bedrock);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !collector.named("job ").isEmpty() && !collector.named("shard ").isEmpty());

      FakeCollector.Received job = collector.named("job ").getFirst();
      FakeCollector.Received shard = collector.named("shard ").getFirst();
      List<FakeCollector.Received> calls = collector.named("chat tiny");
      assertThat(job.attributes())
          .containsEntry("bedload.job.arn", arn)
          .containsEntry("bedload.job.status", "Completed")
          .containsEntry("bedload.records.success", Integer.toString(RECORDS));
      assertThat(job.span().getLinksList()).hasSize(1);
      assertThat(collector.named("InProgress")).hasSize(1);
      assertThat(shard.parentId()).isEqualTo(job.spanId());
      assertThat(calls)
          .hasSizeBetween(1, RECORDS)
          .allSatisfy(
              call -> {
                assertThat(call.traceId()).isEqualTo(job.traceId());
                assertThat(call.parentId()).isEqualTo(shard.spanId());
                assertThat(call.attributes()).containsKey("gen_ai.usage.output_tokens");
              });
      assertThat(headers)
          .hasSize(RECORDS)
          .allSatisfy(
              header ->
                  assertThat(Traceparent.parse(header))
                      .hasValueSatisfying(
                          sent -> assertThat(sent.traceId()).isEqualTo(job.traceId())));
      assertThat(headers.stream().filter(header -> header.endsWith("-01"))).hasSize(calls.size());
    }
  }

  private TestModelServer.Behaviour answer(TestModelServer.Received call) {
    headers.add(call.request().headers().getOrDefault("traceparent", ""));
    return new TestModelServer.Behaviour.Answer(0);
  }

  private Settings settings(TestModelServer server) {
    return TestSettings.of(
            folder.resolve("data"),
            new ModelSetting(
                new ModelEntry(
                    "acme.small", ModelEntry.Server.at(server.url(), "tiny"), Family.OPENAI_CHAT)))
        .settings();
  }

  private static String records() {
    return IntStream.range(0, RECORDS)
        .mapToObj(
            n ->
                "{\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":\"%d\"}]}}\n"
                    .formatted(n))
        .collect(Collectors.joining());
  }

  private static String create(BedrockClient bedrock) {
    return bedrock
        .createModelInvocationJob(
            request ->
                request
                    .jobName("traced")
                    .modelId("acme.small")
                    .roleArn("arn:aws:iam::000000000000:role/any")
                    .overrideConfiguration(with -> with.putHeader(Traceparent.HEADER, CAUSE))
                    .inputDataConfig(
                        in -> in.s3InputDataConfig(s3 -> s3.s3Uri("s3://bucket/in.jsonl")))
                    .outputDataConfig(
                        out -> out.s3OutputDataConfig(s3 -> s3.s3Uri("s3://bucket/out/"))))
        .jobArn();
  }
}
