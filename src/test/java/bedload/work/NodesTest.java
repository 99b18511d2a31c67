package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.CallAudit;
import bedload.ChildProcess;
import bedload.job.Job;
import bedload.job.JobStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, each with its own folder, over one database and one S3. */
@Tag("slow")
class NodesTest {
  private static final int INPUTS = 4;
  private static final int RECORDS_PER_INPUT = 250;
  private static final int RECORDS = INPUTS * RECORDS_PER_INPUT;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private TestNode store;
  private ChildProcess modelServer;
  private Path serverLog;
  private String modelUrl;

  @BeforeEach
  void start() throws Exception {
    store = new TestNode(folder, List.of());
    serverLog = folder.resolve("calls.log");
    modelServer =
        ChildProcess.start(
            folder.resolve("server-errors.log"),
            "bedload.model.TestModelServer",
            "--log",
            serverLog.toString(),
            "--delay-ms",
            "200..600");
    String port = modelServer.awaitLine(line -> line.startsWith("listening ")).split(" ")[1];
    modelUrl = "http://127.0.0.1:" + port + "/v1";
  }

  @AfterEach
  void stop() {
    modelServer.close();
    store.close();
  }

  @Test
  void anotherNodeGoesOnWithTheWorkOfOneThatDiedForGood() throws Exception {
    Job job = submit();
    try (ChildProcess first = node("first")) {
      awaitFinished(RECORDS / 4);
      assertThat(claimsOf("first")).isEqualTo(INPUTS);
      first.kill();
    }
    try (ChildProcess _ = node("second")) {
      judge(job);
    }
  }

  /** Frozen past its heartbeat and back: its late commits must change nothing. */
  @Test
  void aNodeThatWasTakenForDeadAndComesBackDoublesNothing() throws Exception {
    Job job = submit();
    try (ChildProcess first = node("first")) {
      awaitFinished(RECORDS / 4);
      assertThat(claimsOf("first")).isEqualTo(INPUTS);
      signal("STOP", first);
      try (ChildProcess _ = node("second")) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> claimsOf("second") == INPUTS);
        signal("CONT", first);

        judge(job);
      }
    }
  }

  private Job submit() {
    for (int i = 0; i < INPUTS; i++) {
      int first = i * RECORDS_PER_INPUT;
      store.put(
          "s3://input/nodes/" + i + ".jsonl",
          IntStream.range(first, first + RECORDS_PER_INPUT)
              .mapToObj(CallAudit::id)
              .map(CallAudit::chatRecord)
              .collect(Collectors.joining()));
    }
    return store.submit("nodes", "acme.chat", "s3://input/nodes/", "s3://output/");
  }

  private ChildProcess node(String name) throws IOException {
    return ChildProcess.start(
        folder.resolve(name + "-errors.log"),
        "bedload.work.CrashNode",
        store.database.address().url(),
        store.s3Url(),
        TestNode.KEY_ID,
        TestNode.SECRET,
        modelUrl,
        folder.resolve(name).toString(),
        name,
        "1000");
  }

  private void awaitFinished(int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.exists(serverLog) && CallAudit.finished(serverLog) >= count);
  }

  private int claimsOf(String node) {
    return store
        .database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "select count(*) from ledger.shard where node = :node and state = 'Running'")
                    .bind("node", node)
                    .mapTo(int.class)
                    .one());
  }

  private static void signal(String signal, ChildProcess process) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor())
        .isZero();
  }

  private void judge(Job job) throws IOException {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> store.find(job.id()).status().isFinal());
    assertThat(store.find(job.id()).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(store.find(job.id()).counts().success()).isEqualTo(RECORDS);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      lines.addAll(store.read("s3://output/" + job.id() + "/" + i + ".jsonl.out").lines().toList());
    }
    CallAudit audit = CallAudit.of(serverLog, lines, 0, RECORDS);
    System.out.println("two nodes: " + audit);
    assertThat(audit.lost()).isZero();
    assertThat(audit.doubled()).isZero();
    assertThat(audit.wrong()).isZero();
  }
}
