package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.AccountId;
import bedload.model.TestModelServer;
import bedload.object.LoopbackS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Three whole processes as one service, on an operator's database and S3, and what befalls them.
 */
@Tag("slow")
class ServiceNodesTest {
  private static final int INPUTS = 18;
  private static final int RECORDS_PER_INPUT = 200;
  private static final int RECORDS = INPUTS * RECORDS_PER_INPUT;
  private static final int MOST_IN_FLIGHT = 60;

  @TempDir Path folder;
  private Path serverLog;
  private Path config;
  private TestModelServer modelServer;
  private LoopbackS3 s3;
  private DebianPostgres postgres;
  private final List<ServiceProcess> running = new ArrayList<>();

  @BeforeEach
  void startWhatIsShared() throws Exception {
    Path programs = Needs.present("a PostgreSQL server", DebianPostgres.programs());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    serverLog = folder.resolve("calls.log");
    modelServer =
        TestModelServer.start(
            call -> new TestModelServer.Behaviour.Answer(60 + call.number() % 80), serverLog);
    s3 = new LoopbackS3(folder.resolve("objects"));
    s3.client(LoopbackS3.ALICE).createBucket(bucket -> bucket.bucket("nodes"));
    postgres = DebianPostgres.start(programs, folder.resolve("pg"));
    config =
        Files.writeString(
            folder.resolve("bedload.yaml"),
            """
            models:
              - id: acme.chat
                url: %s
                served: tiny
                family: openai-chat
                max-in-flight: %d
            """
                .formatted(modelServer.url(), MOST_IN_FLIGHT));
  }

  @AfterEach
  void stop() {
    running.forEach(ServiceProcess::kill);
    postgres.close();
    s3.close();
    modelServer.close();
  }

  private ServiceProcess node(String name, String role) throws Exception {
    var keys = LoopbackS3.keys(LoopbackS3.ALICE);
    ServiceProcess node =
        ServiceProcess.startWith(
            List.of(
                "-Daws.accessKeyId=" + keys.accessKeyId(),
                "-Daws.secretAccessKey=" + keys.secretAccessKey()),
            folder.resolve(name),
            folder.resolve(name + "-errors.log"),
            "--role",
            role,
            "--config",
            config.toString(),
            "--database-url",
            postgres.url(),
            "--s3-endpoint",
            String.valueOf(s3.server().endpoint()));
    running.add(node);
    return node;
  }

  private void kill(ServiceProcess node) {
    node.kill();
    running.remove(node);
  }

  @Test
  void neitherAnEndInOrderNorDeathsAFreezeALostDiskOrADatabaseThatWasAwayLoseOrDoubleAnything()
      throws Exception {
    ServiceProcess first = node("first", "all");
    ServiceProcess second = node("second", "worker");
    assertThat(second.service().secretAccessKey()).isEqualTo(first.service().secretAccessKey());

    // In order nobody pays twice: what is in flight is answered, the rest is left to the others.
    String arn = submit(first, "ended", 0);
    awaitFinished(RECORDS / 3);
    assertThat(second.terminate()).isZero();
    running.remove(second);
    assertThat(judge(first, arn, "ended", 0).repeats()).isZero();

    second = node("second", "worker");
    ServiceProcess third = node("third", "worker");
    arn = submit(first, "struck", RECORDS);
    awaitFinished(RECORDS + RECORDS / 10);
    long frozenAt = System.nanoTime();
    third.signal("STOP");
    awaitFinished(RECORDS + 2 * RECORDS / 10);
    kill(second);
    removeFolder(folder.resolve("second"));
    node("second", "worker");
    awaitFinished(RECORDS + 3 * RECORDS / 10);
    postgres.stopAtOnce();
    waitUntil(System.nanoTime() + Duration.ofSeconds(5).toNanos());
    postgres.start();
    waitUntil(frozenAt + Duration.ofSeconds(9).toNanos());
    third.signal("CONT");
    awaitFinished(RECORDS + 5 * RECORDS / 10);
    postgres.stopAtOnce();
    postgres.start();
    awaitFinished(RECORDS + 6 * RECORDS / 10);
    for (ServiceProcess node : List.copyOf(running)) {
      kill(node);
    }
    first = node("first", "all");
    node("second", "worker");
    node("third", "worker");
    judge(first, arn, "struck", RECORDS);
  }

  private CallAudit judge(ServiceProcess service, String arn, String name, int firstRecord)
      throws IOException {
    try (BedrockClient bedrock = service.bedrock()) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () ->
                  bedrock
                      .getModelInvocationJob(get -> get.jobIdentifier(arn))
                      .statusAsString()
                      .equals("Completed"));
    }
    CallAudit audit = CallAudit.of(serverLog, output(arn, name), firstRecord, RECORDS);
    System.out.println(name + ": " + audit + ", most calls at once " + modelServer.mostInFlight());
    assertThat(audit.lost()).isZero();
    assertThat(audit.doubled()).isZero();
    assertThat(audit.wrong()).isZero();
    assertThat(modelServer.mostInFlight()).isLessThanOrEqualTo(MOST_IN_FLIGHT);
    return audit;
  }

  private String submit(ServiceProcess service, String name, int firstRecord) {
    S3Client store = s3.client(LoopbackS3.ALICE);
    for (int i = 0; i < INPUTS; i++) {
      int first = firstRecord + i * RECORDS_PER_INPUT;
      String key = "%s/in/%02d.jsonl".formatted(name, i);
      store.putObject(
          put -> put.bucket("nodes").key(key),
          RequestBody.fromString(
              IntStream.range(first, first + RECORDS_PER_INPUT)
                  .mapToObj(CallAudit::id)
                  .map(CallAudit::chatRecord)
                  .collect(Collectors.joining())));
    }
    try (BedrockClient bedrock = service.bedrock()) {
      return bedrock
          .createModelInvocationJob(
              job ->
                  job.jobName(name)
                      .modelId("acme.chat")
                      .roleArn("arn:aws:iam::" + AccountId.DEFAULT + ":role/any")
                      .inputDataConfig(
                          in ->
                              in.s3InputDataConfig(
                                  s3In -> s3In.s3Uri("s3://nodes/" + name + "/in/")))
                      .outputDataConfig(
                          out ->
                              out.s3OutputDataConfig(
                                  s3Out -> s3Out.s3Uri("s3://nodes/" + name + "/out/"))))
          .jobArn();
    }
  }

  private List<String> output(String arn, String name) throws IOException {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      String key = "%s/out/%s/%02d.jsonl.out".formatted(name, id, i);
      try (var bytes = s3.client(LoopbackS3.ALICE).getObject(get -> get.bucket("nodes").key(key))) {
        lines.addAll(new String(bytes.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
      }
    }
    return lines;
  }

  private void awaitFinished(int count) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> modelServer.answered() >= count);
  }

  private static void waitUntil(long nanos) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> System.nanoTime() >= nanos);
  }

  private static void removeFolder(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
