package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.model.ModelEntry;
import bedload.model.TestModelServer;
import bedload.model.body.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobStatus;
import software.amazon.awssdk.services.s3.S3Client;

/** A stop in the midst of five hundred calls that would take half a minute each. */
@Tag("slow")
class StopTest {
  private static final int CALLS = 500;
  private static final int QUICK = 100;
  private static final long HALF_A_MINUTE_MILLIS = 30_000;
  private static final Duration PROMISE = Duration.ofSeconds(2);

  @TempDir private Path folder;

  @Test
  void callsInFlightAreCutOffAndWhatWasAnsweredIsKept() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (TestModelServer server =
            TestModelServer.start(
                call ->
                    new TestModelServer.Behaviour.Answer(
                        call.number() <= QUICK ? 0 : HALF_A_MINUTE_MILLIS));
        Wiring wiring = Wiring.start(settings(server));
        S3Client s3 = ServiceClients.s3(wiring.service());
        BedrockClient bedrock = ServiceClients.bedrock(wiring.service())) {
      s3.createBucket(bucket -> bucket.bucket("bucket"));
      s3.putObject(
          request -> request.bucket("bucket").key("in.jsonl"), RequestBody.fromString(records()));
      String job = create(bedrock);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> server.inFlight() == CALLS);
      long received = server.received();

      long start = System.nanoTime();
      bedrock.stopModelInvocationJob(request -> request.jobIdentifier(job));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(
              () ->
                  bedrock.getModelInvocationJob(request -> request.jobIdentifier(job)).status()
                      == ModelInvocationJobStatus.STOPPED);
      Duration stopped = Duration.ofNanos(System.nanoTime() - start);
      Awaitility.await().atMost(PROMISE).until(() -> server.inFlight() == 0);
      Duration closed = Duration.ofNanos(System.nanoTime() - start);
      System.out.printf(
          "stop with %d calls in flight: Stopped after %d ms, all connections closed after %d ms at"
              + " the latest%n",
          CALLS, stopped.toMillis(), closed.toMillis());

      assertThat(stopped).isLessThan(PROMISE);
      assertThat(server.disconnected()).isEqualTo(CALLS);
      assertThat(server.received()).as("no call was made after the stop").isEqualTo(received);
      assertThat(manifest(s3, job))
          .contains(
              "\"totalRecordCount\":2000,\"processedRecordCount\":%d,\"successRecordCount\":%d,\"errorRecordCount\":0"
                  .formatted(QUICK, QUICK));
      assertThat(lines(s3, job)).isEqualTo(QUICK);
    }
  }

  private Settings settings(TestModelServer server) {
    return TestSettings.of(
            folder.resolve("data"),
            new ModelSetting(
                new ModelEntry(
                    "acme.slow",
                    new ModelEntry.Server(
                        server.url(),
                        "tiny",
                        null,
                        ModelEntry.Server.DEFAULT_DEADLINE,
                        CALLS,
                        CALLS),
                    Family.OPENAI_CHAT)))
        .settings();
  }

  private static String records() {
    return IntStream.range(0, 2000)
        .mapToObj(
            n ->
                "{\"recordId\":\"r%d\",\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":\"%d\"}]}}\n"
                    .formatted(n, n))
        .collect(Collectors.joining());
  }

  private static String create(BedrockClient bedrock) {
    return bedrock
        .createModelInvocationJob(
            request ->
                request
                    .jobName("stopped")
                    .modelId("acme.slow")
                    .roleArn("arn:aws:iam::000000000000:role/any")
                    .inputDataConfig(
                        in -> in.s3InputDataConfig(s3 -> s3.s3Uri("s3://bucket/in.jsonl")))
                    .outputDataConfig(
                        out -> out.s3OutputDataConfig(s3 -> s3.s3Uri("s3://bucket/out/"))))
        .jobArn();
  }

  private static String manifest(S3Client s3, String job) {
    return read(s3, "out/" + job.substring(job.lastIndexOf('/') + 1) + "/manifest.json.out");
  }

  private static long lines(S3Client s3, String job) {
    return read(s3, "out/" + job.substring(job.lastIndexOf('/') + 1) + "/in.jsonl.out")
        .lines()
        .count();
  }

  private static String read(S3Client s3, String key) {
    return s3.getObjectAsBytes(request -> request.bucket("bucket").key(key)).asUtf8String();
  }
}
