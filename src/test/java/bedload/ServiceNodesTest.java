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
import java.util.Map;
import java.util.Optional;
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

  /** However long a node takes to start here, the job is not over by then. */
  private static final int LONGEST_HELD_MILLIS = 5_000;

  @TempDir Path folder;
  private Path serverLog;
  private Path config;
  private TestModelServer modelServer;
  private LoopbackS3 s3;
  private DebianPostgres postgres;
  private final List<ServiceProcess> running = new ArrayList<>();
  private volatile boolean isMending;
  private final List<Blow> blows = new ArrayList<>();

  @BeforeEach
  void startWhatIsShared() throws Exception {
    Path programs = Needs.present("a PostgreSQL server", DebianPostgres.programs());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    serverLog = folder.resolve("calls.log");
    modelServer =
        TestModelServer.start(
            call ->
                new TestModelServer.Behaviour.Held(
                    60 + call.number() % 80, () -> isMending, LONGEST_HELD_MILLIS),
            serverLog);
    s3 = new LoopbackS3(folder.resolve("objects"));
    s3.client(LoopbackS3.ALICE).createBucket(bucket -> bucket.bucket("nodes"));
    postgres = DebianPostgres.start(programs, folder.resolve("pg"));
    config =
        ServiceProcess.settings(folder.resolve("bedload.yaml"), modelServer.url(), MOST_IN_FLIGHT);
  }

  @AfterEach
  void stop() {
    running.forEach(ServiceProcess::kill);
    postgres.close();
    s3.close();
    modelServer.close();
  }

  private ServiceProcess node(String name, String role) throws Exception {
    return node(name, role, Map.of());
  }

  private ServiceProcess node(String name, String role, Map<String, String> environment)
      throws Exception {
    var keys = LoopbackS3.keys(LoopbackS3.ALICE);
    ServiceProcess node =
        ServiceProcess.startIn(
            environment,
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

  /** What has befallen the nodes, and how many calls had been answered and repeated by then. */
  private record Blow(String what, long answered, int repeats) {}

  private void note(String what) throws IOException {
    isMending = true;
    blows.add(new Blow(what, modelServer.answered(), CallAudit.repeats(serverLog)));
  }

  /**
   * All in one job. One node's clock is a minute ahead from its first to its last moment; what the
   * others hold for true must not depend on it, nor must its own leases.
   */
  @Test
  void whateverBefallsTheNodesNothingIsLostOrDoubledAndTheLimitHolds() throws Exception {
    Map<String, String> ahead =
        Needs.present("libfaketime, of the Debian package faketime", aMinuteAhead());
    ServiceProcess first = node("first", "all");
    ServiceProcess second = node("second", "worker");
    ServiceProcess third = node("third", "worker", ahead);
    assertThat(second.service().secretAccessKey()).isEqualTo(first.service().secretAccessKey());
    String arn = submit(first);
    note("one node's clock is 60 s ahead, all the time");

    awaitFinished(8);
    note("a node ends in order (SIGTERM), and comes back");
    assertThat(second.terminate()).isZero();
    running.remove(second);
    second = node("second", "worker");
    awaitFinished(18);
    assertThat(CallAudit.repeats(serverLog)).isZero();

    note("a node is killed and its disk is lost");
    kill(second);
    removeFolder(folder.resolve("second"));
    node("second", "worker");
    awaitFinished(28);

    note("a node is frozen for 9 s (SIGSTOP, SIGCONT)");
    long frozenAt = System.nanoTime();
    third.signal("STOP");
    awaitFinished(38);
    note("PostgreSQL is stopped for 5 s, while that node is frozen");
    postgres.stop();
    waitUntil(System.nanoTime() + Duration.ofSeconds(5).toNanos());
    postgres.start();
    waitUntil(frozenAt + Duration.ofSeconds(9).toNanos());
    third.signal("CONT");
    awaitFinished(48);

    note("PostgreSQL is stopped without a checkpoint and started again (-m immediate)");
    postgres.stopAtOnce();
    postgres.start();
    awaitFinished(58);

    note("a node is killed, and comes back on its disk");
    kill(third);
    node("third", "worker", ahead);
    awaitFinished(68);

    note("all nodes are killed, and come back");
    for (ServiceProcess node : List.copyOf(running)) {
      kill(node);
    }
    first = node("first", "all");
    node("second", "worker");
    node("third", "worker", ahead);
    isMending = false;
    judge(first, arn);
  }

  /**
   * Returns what makes a process believe that it is a minute later; empty where that cannot be. The
   * monotonic clock stays as it is, and so does what waits by it.
   */
  private static Optional<Map<String, String>> aMinuteAhead() throws IOException {
    try (Stream<Path> found = Files.find(Path.of("/usr/lib"), 3, (path, _) -> isFaketime(path))) {
      return found
          .findFirst()
          .map(
              library ->
                  Map.of(
                      "LD_PRELOAD", library.toString(),
                      "FAKETIME", "+60s",
                      "DONT_FAKE_MONOTONIC", "1",
                      "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                      "FAKETIME_FORCE_MONOTONIC_FIX", "0"));
    }
  }

  private static boolean isFaketime(Path path) {
    return path.endsWith("faketime/libfaketimeMT.so.1");
  }

  private void judge(ServiceProcess service, String arn) throws IOException {
    service.awaitCompleted(arn, Duration.ofMinutes(2));
    note("the job is Completed");
    assertThat(blows.get(blows.size() - 2).answered())
        .as("before the last blow")
        .isLessThan(RECORDS);
    CallAudit audit = CallAudit.of(serverLog, output(arn), 0, RECORDS);
    print(audit);
    assertThat(audit.lost()).isZero();
    assertThat(audit.doubled()).isZero();
    assertThat(audit.wrong()).isZero();
    assertThat(modelServer.mostInFlight()).isLessThanOrEqualTo(MOST_IN_FLIGHT);
  }

  private void print(CallAudit audit) {
    System.out.println(
        "| what befalls the nodes | calls answered before | calls made again after |");
    System.out.println("|---|---|---|");
    for (int i = 0; i < blows.size(); i++) {
      Blow blow = blows.get(i);
      int after = i + 1 < blows.size() ? blows.get(i + 1).repeats() - blow.repeats() : 0;
      System.out.printf("| %s | %d | %d |%n", blow.what(), blow.answered(), after);
    }
    System.out.printf(
        "%d records on three nodes: %d lost, %d doubled, %d wrong; %d calls made again, %d of them for a record that had been answered; at most %d calls at once of the %d allowed, so %d of the frozen node's beyond them%n",
        RECORDS,
        audit.lost(),
        audit.doubled(),
        audit.wrong(),
        audit.repeats(),
        audit.finishedRepeats(),
        modelServer.mostInFlight(),
        MOST_IN_FLIGHT,
        Math.max(0, modelServer.mostInFlight() - MOST_IN_FLIGHT));
  }

  private String submit(ServiceProcess service) {
    S3Client store = s3.client(LoopbackS3.ALICE);
    for (int i = 0; i < INPUTS; i++) {
      int first = i * RECORDS_PER_INPUT;
      String key = "in/%02d.jsonl".formatted(i);
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
                  job.jobName("struck")
                      .modelId("acme.chat")
                      .roleArn("arn:aws:iam::" + AccountId.DEFAULT + ":role/any")
                      .inputDataConfig(
                          in -> in.s3InputDataConfig(s3In -> s3In.s3Uri("s3://nodes/in/")))
                      .outputDataConfig(
                          out -> out.s3OutputDataConfig(s3Out -> s3Out.s3Uri("s3://nodes/out/"))))
          .jobArn();
    }
  }

  private List<String> output(String arn) throws IOException {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      String key = "out/%s/%02d.jsonl.out".formatted(id, i);
      try (var bytes = s3.client(LoopbackS3.ALICE).getObject(get -> get.bucket("nodes").key(key))) {
        lines.addAll(new String(bytes.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
      }
    }
    return lines;
  }

  private void awaitFinished(int percent) {
    int count = RECORDS * percent / 100;
    isMending = false;
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
