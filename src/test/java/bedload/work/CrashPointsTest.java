package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.CallAudit;
import bedload.ChildProcess;
import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process dies right after each durable step, some of them again on the way back, and the next
 * start goes on. The judge knows what the model server noted, what lies in the output and what the
 * ledger says to users; nothing of the engine.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashPointsTest {
  private static final int INPUTS = 3;
  private static final int RECORDS_PER_INPUT = 100;
  private static final int RECORDS = INPUTS * RECORDS_PER_INPUT;

  @TempDir static Path folder;
  private TestNode node;
  private ChildProcess modelServer;
  private String modelUrl;
  private Path serverLog;
  private int cases;

  @BeforeAll
  void start() throws Exception {
    node = new TestNode(folder, List.of());
    serverLog = folder.resolve("calls.log");
    modelServer =
        ChildProcess.start(
            folder.resolve("server-errors.log"),
            "bedload.model.TestModelServer",
            "--log",
            serverLog.toString(),
            "--delay-ms",
            "20..60");
    String port = modelServer.awaitLine(line -> line.startsWith("listening ")).split(" ")[1];
    modelUrl = "http://127.0.0.1:" + port + "/v1";
  }

  @AfterAll
  void stop() {
    modelServer.close();
    node.close();
  }

  /** Each line is the way of one job: where it dies, and dies again, before it is left alone. */
  static Stream<List<String>> ways() {
    List<List<String>> ways = new ArrayList<>();
    for (CrashPoint once :
        List.of(
            CrashPoint.VALIDATING_BEGUN,
            CrashPoint.SCHEDULED,
            CrashPoint.STARTED,
            CrashPoint.MANIFEST_WRITTEN,
            CrashPoint.ENDED,
            CrashPoint.SEGMENTS_DELETED,
            CrashPoint.SHARDS_FORGOTTEN,
            CrashPoint.JOURNALS_FORGOTTEN)) {
      ways.add(List.of(once + ":1"));
    }
    for (CrashPoint perShard :
        List.of(
            CrashPoint.SHARD_CLAIMED,
            CrashPoint.SEGMENT_PUT,
            CrashPoint.SEGMENT_COMMITTED,
            CrashPoint.JOURNAL_DELETED,
            CrashPoint.SHARD_FINISHED,
            CrashPoint.OUTPUT_WRITTEN)) {
      for (int hit = 1; hit <= INPUTS; hit += INPUTS - 1) {
        ways.add(List.of(perShard + ":" + hit));
      }
    }
    for (CrashPoint perRecord :
        List.of(CrashPoint.CALL_DUE, CrashPoint.ANSWERED, CrashPoint.JOURNALED)) {
      for (int hit : new int[] {1, RECORDS / 2, RECORDS}) {
        ways.add(List.of(perRecord + ":" + hit));
      }
    }
    ways.add(List.of("SEGMENT_PUT:2", "ORPHAN_ADOPTED:1"));
    ways.add(List.of("JOURNALED:150", "LEFT_OVER_ADOPTED:1"));
    ways.add(List.of("JOURNALED:150", "SEGMENT_PUT:1", "ORPHAN_ADOPTED:1"));
    ways.add(List.of("JOURNALED:100", "JOURNALED:50", "JOURNALED:50", "SEGMENT_PUT:3"));
    ways.add(List.of("SCHEDULED:1", "STARTED:1", "SHARD_CLAIMED:2", "OUTPUT_WRITTEN:2", "ENDED:1"));
    return ways.stream();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aDeathAfterADurableStepLosesNothingAndDoublesNothing(List<String> deaths) throws Exception {
    int number = cases++;
    String input = "s3://input/case-" + number + "/";
    for (int i = 0; i < INPUTS; i++) {
      node.put(input + i + ".jsonl", records(number, i));
    }
    Job job = node.submit("case-" + number, "acme.chat", input, "s3://output/");

    for (String death : deaths) {
      try (ChildProcess dying = child(number, "-Dbedload.crash=" + death)) {
        assertThat(dying.awaitExit()).as("it died at %s", death).isEqualTo(CrashPoint.DEAD);
      }
    }
    Job ended;
    try (ChildProcess _ = child(number)) {
      ended = node.awaitEnd(job.id());
      awaitSwept(job);
    }

    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(ended.counts()).isEqualTo(new RecordCounts(RECORDS, RECORDS, 0));
    assertThat(node.find(job.id())).isEqualTo(ended);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      lines.addAll(node.read("s3://output/" + job.id() + "/" + i + ".jsonl.out").lines().toList());
    }
    CallAudit audit = CallAudit.of(serverLog, lines, number * RECORDS, RECORDS);
    System.out.printf("%-70s %s%n", deaths, audit);
    assertThat(audit.lost()).isZero();
    assertThat(audit.doubled()).isZero();
    assertThat(audit.wrong()).isZero();
    assertThat(audit.repeats()).isLessThanOrEqualTo(deaths.size() * CrashNode.MOST_IN_FLIGHT);
  }

  private ChildProcess child(int number, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    // These processes live for seconds: the second compiler would only cost.
    all.add("-XX:TieredStopAtLevel=1");
    return ChildProcess.startWith(
        all,
        folder.resolve("errors-" + number + ".log"),
        "bedload.work.CrashNode",
        node.database.address().url(),
        node.s3Url(),
        TestNode.KEY_ID,
        TestNode.SECRET,
        modelUrl,
        folder.resolve("node").toString(),
        "crash-node",
        "5000");
  }

  private void awaitSwept(Job job) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(node.books.shards().of(job.id())).isEmpty();
              assertThat(node.keys("s3://output/" + job.id() + "/")).hasSize(INPUTS + 1);
              assertThat(folder.resolve("node/journal/" + job.id())).doesNotExist();
            });
  }

  private static String records(int number, int input) {
    int first = number * RECORDS + input * RECORDS_PER_INPUT;
    return IntStream.range(first, first + RECORDS_PER_INPUT)
        .mapToObj(CallAudit::id)
        .map(CallAudit::chatRecord)
        .collect(Collectors.joining());
  }
}
