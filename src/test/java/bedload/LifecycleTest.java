package bedload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.database.TestCluster;
import bedload.ledger.QueueLimits;
import bedload.model.ModelEntry;
import bedload.model.TestModelServer;
import bedload.model.body.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobStatus;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.ValidationException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * The ten statuses of a job, each reached through the API of a whole service by what causes it in
 * earnest; only the least timeout of 24 hours is made shorter by the test clock. At most one job of
 * the slow model runs at a time, so that others can be seen to wait.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifecycleTest {
  private static final String ECHO = "bedload.echo";
  private static final String SLOW = "acme.slow";

  /** Makes 24 hours 3 seconds. */
  private static final String THREE_SECONDS_A_DAY = "28800";

  @TempDir static Path folder;
  private TestModelServer modelServer;
  private Wiring wiring;
  private BedrockClient bedrock;
  private S3Client s3;
  private final List<String> slowJobs = new ArrayList<>();
  private final Map<String, Long> createdAtNanos = new HashMap<>();
  private final Map<String, String> reached = new TreeMap<>();
  private String test = "";
  private int names;

  @BeforeAll
  void start() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    TestCluster.copyWithProgramsTo(folder.resolve("data"));
    modelServer = TestModelServer.start(_ -> new TestModelServer.Behaviour.Answer(400));
    wiring =
        Wiring.start(
            TestSettings.of(
                    folder.resolve("data"),
                    new ModelSetting(new ModelEntry(ECHO, new ModelEntry.Echo(), null)),
                    slowModel())
                .queue(new QueueLimits(10, 1))
                .withTestClock()
                .settings());
    bedrock = ServiceClients.bedrock(wiring.service());
    s3 = ServiceClients.s3(wiring.service());
    s3.createBucket(bucket -> bucket.bucket("bucket"));
    put("two.jsonl", records(2, "{\"n\":%d}"));
    put("hundred.jsonl", records(100, "{\"n\":%d}"));
    put("slow.jsonl", records(200, "{\"messages\":[{\"role\":\"user\",\"content\":\"%d\"}]}"));
    put("bad.jsonl", records(3, "{\"n\":%d}") + "no json\n[]\n");
  }

  private ModelSetting slowModel() {
    return new ModelSetting(
        new ModelEntry(
            SLOW,
            new ModelEntry.Server(
                modelServer.url(), "tiny", null, ModelEntry.Server.DEFAULT_DEADLINE, 4, 4),
            Family.OPENAI_CHAT));
  }

  @BeforeEach
  void remember(TestInfo info) {
    test = info.getDisplayName();
  }

  @AfterEach
  void stopSlowJobs() {
    for (String job : slowJobs) {
      if (!ended(job)) {
        stop(job);
        await(job, ModelInvocationJobStatus.STOPPED);
      }
    }
    slowJobs.clear();
  }

  @AfterAll
  void stop() {
    reached.forEach((status, how) -> System.out.printf("| %s | %s |%n", status, how));
    bedrock.close();
    s3.close();
    wiring.close();
    modelServer.close();
  }

  @Test
  void aJobWaitsForItsPlaceRunsWhenOneIsFreeAndOneThatRunsThroughIsCompleted() {
    String running = create(SLOW, "slow.jsonl", Map.of());
    await(running, ModelInvocationJobStatus.IN_PROGRESS);

    String waiting = create(SLOW, "slow.jsonl", Map.of());
    await(waiting, ModelInvocationJobStatus.SCHEDULED);
    stop(running);
    await(waiting, ModelInvocationJobStatus.IN_PROGRESS);

    assertThat(
            await(create(ECHO, "hundred.jsonl", Map.of()), ModelInvocationJobStatus.COMPLETED)
                .message())
        .isNull();
  }

  @Test
  void aJobExpiresIfItsTimeoutComesWhileItWaits() {
    await(create(SLOW, "slow.jsonl", Map.of()), ModelInvocationJobStatus.IN_PROGRESS);

    String job = create(SLOW, "slow.jsonl", Map.of("bedload:pace", THREE_SECONDS_A_DAY));
    await(job, ModelInvocationJobStatus.SCHEDULED);

    GetModelInvocationJobResponse expired = await(job, ModelInvocationJobStatus.EXPIRED);
    assertThat(expired.endTime()).isNotNull();
    assertThat(expired.message()).contains("Test clock");
    assertThatThrownBy(() -> manifest(job)).isInstanceOf(NoSuchKeyException.class);
  }

  @Test
  void aJobIsPartiallyCompletedIfItsTimeoutComesWhileItRuns() {
    String job = create(SLOW, "slow.jsonl", Map.of("bedload:pace", THREE_SECONDS_A_DAY));
    await(job, ModelInvocationJobStatus.IN_PROGRESS);

    assertThat(await(job, ModelInvocationJobStatus.PARTIALLY_COMPLETED).endTime()).isNotNull();
    assertThat(manifest(job))
        .contains("\"totalRecordCount\":200")
        .containsPattern("\"processedRecordCount\":[1-9][0-9]?,");
  }

  @Test
  void aJobFailsForABadLineThatTheMessageNames() {
    String job = create(ECHO, "bad.jsonl", Map.of());

    assertThat(await(job, ModelInvocationJobStatus.FAILED).message())
        .contains("s3://bucket/bad.jsonl, line 4, column", "1 further");
  }

  @Test
  void aJobThatWasJustSubmittedCanBeStopped() {
    String job = create(ECHO, "hundred.jsonl", Map.of());
    seen(job, get(job));

    stop(job);

    await(job, ModelInvocationJobStatus.STOPPED);
    assertThatThrownBy(() -> stop(job))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("State was: Stopped");
  }

  @Test
  void aJobThatIsBeingValidatedCanBeStopped() {
    put("large.jsonl", records(400_000, "{\"n\":%d}"));
    String job = create(ECHO, "large.jsonl", Map.of());
    await(job, ModelInvocationJobStatus.VALIDATING);

    stop(job);

    GetModelInvocationJobResponse stopped = await(job, ModelInvocationJobStatus.STOPPED);
    assertThat(stopped.endTime()).isNull();
    assertThatThrownBy(() -> manifest(job)).isInstanceOf(NoSuchKeyException.class);
  }

  @Test
  void aJobThatWaitsCanBeStopped() {
    await(create(SLOW, "slow.jsonl", Map.of()), ModelInvocationJobStatus.IN_PROGRESS);
    String job = create(SLOW, "slow.jsonl", Map.of());
    await(job, ModelInvocationJobStatus.SCHEDULED);

    stop(job);

    assertThat(await(job, ModelInvocationJobStatus.STOPPED).endTime()).isNull();
  }

  @Test
  void aJobThatRunsCanBeStoppedAndKeepsWhatItHas() {
    String job = create(SLOW, "slow.jsonl", Map.of());
    await(job, ModelInvocationJobStatus.IN_PROGRESS);
    long before = modelServer.answered();
    Awaitility.await().until(() -> modelServer.answered() > before + 8);

    stop(job);
    assertThat(seen(job, get(job)).status())
        .isIn(ModelInvocationJobStatus.STOPPING, ModelInvocationJobStatus.STOPPED);

    await(job, ModelInvocationJobStatus.STOPPED);
    assertThat(manifest(job)).containsPattern("\"processedRecordCount\":[1-9][0-9]?,");
  }

  @Test
  void theTestClockBringsAboutEveryEndThatATagAsksFor() {
    for (ModelInvocationJobStatus end :
        List.of(
            ModelInvocationJobStatus.EXPIRED,
            ModelInvocationJobStatus.PARTIALLY_COMPLETED,
            ModelInvocationJobStatus.FAILED,
            ModelInvocationJobStatus.STOPPED,
            ModelInvocationJobStatus.COMPLETED)) {
      String job = create(ECHO, "hundred.jsonl", Map.of("bedload:end", end.toString()));

      assertThat(await(job, end).message())
          .contains("Test clock", end.toString(), "tag bedload:end");
      switch (end) {
        case PARTIALLY_COMPLETED, STOPPED ->
            assertThat(manifest(job))
                .contains("\"totalRecordCount\":100,\"processedRecordCount\":50");
        case COMPLETED ->
            assertThat(manifest(job))
                .contains("\"totalRecordCount\":100,\"processedRecordCount\":100");
        default -> assertThatThrownBy(() -> manifest(job)).isInstanceOf(NoSuchKeyException.class);
      }
    }
  }

  private String create(String model, String input, Map<String, String> tags) {
    String job =
        bedrock
            .createModelInvocationJob(
                request ->
                    request
                        .jobName("job-" + names++)
                        .modelId(model)
                        .roleArn("arn:aws:iam::000000000000:role/any")
                        .inputDataConfig(
                            in -> in.s3InputDataConfig(s -> s.s3Uri("s3://bucket/" + input)))
                        .outputDataConfig(
                            out -> out.s3OutputDataConfig(s -> s.s3Uri("s3://bucket/out/")))
                        .tags(
                            tags.entrySet().stream()
                                .map(tag -> tag(tag.getKey(), tag.getValue()))
                                .toList()))
            .jobArn();
    createdAtNanos.put(job, System.nanoTime());
    if (model.equals(SLOW)) {
      slowJobs.add(job);
    }
    return job;
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private GetModelInvocationJobResponse get(String job) {
    return bedrock.getModelInvocationJob(request -> request.jobIdentifier(job));
  }

  private void stop(String job) {
    bedrock.stopModelInvocationJob(request -> request.jobIdentifier(job));
  }

  private boolean ended(String job) {
    return switch (get(job).status()) {
      case COMPLETED, PARTIALLY_COMPLETED, FAILED, STOPPED, EXPIRED -> true;
      default -> false;
    };
  }

  private GetModelInvocationJobResponse await(String job, ModelInvocationJobStatus status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              GetModelInvocationJobResponse now = get(job);
              assertThat(now.status()).as(String.valueOf(now.message())).isEqualTo(status);
            });
    return seen(job, get(job));
  }

  /** Keeps how long after its creation a job was first seen in its status, for the table. */
  private GetModelInvocationJobResponse seen(String job, GetModelInvocationJobResponse now) {
    double seconds = (System.nanoTime() - createdAtNanos.getOrDefault(job, 0L)) / 1e9;
    // What a tag asks for has another cause than in earnest.
    if (!test.startsWith("theTestClock")) {
      reached.putIfAbsent(now.statusAsString(), "%.1f s | `%s`".formatted(seconds, test));
    }
    return now;
  }

  private String manifest(String job) {
    String id = job.substring(job.lastIndexOf('/') + 1);
    return s3.getObjectAsBytes(
            request -> request.bucket("bucket").key("out/" + id + "/manifest.json.out"))
        .asUtf8String();
  }

  private void put(String key, String content) {
    s3.putObject(request -> request.bucket("bucket").key(key), RequestBody.fromString(content));
  }

  private static String records(int count, String modelInput) {
    return IntStream.range(0, count)
        .mapToObj(
            n -> "{\"recordId\":\"r%d\",\"modelInput\":%s}\n".formatted(n, modelInput.formatted(n)))
        .collect(Collectors.joining());
  }
}
