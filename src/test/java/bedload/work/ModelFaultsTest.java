package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.CallAudit;
import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.ledger.QueueLimits;
import bedload.model.ModelEntry;
import bedload.model.Patience;
import bedload.model.TestModelServer;
import bedload.model.TestModelServer.Behaviour;
import bedload.model.body.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A model server that fails in every way at the first call for every third record. All jobs run at
 * once, each with a server of its own; each ends with one right answer a record, and no record that
 * had its answer is asked again.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelFaultsTest {
  private static final int RECORDS = 30;
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Patience PATIENCE =
      new Patience(5, Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofSeconds(1));

  /**
   * One job's server.
   *
   * @param isLasting whether the record fails: an answer beyond all measure would be so again
   */
  record Misfortune(String name, Behaviour behaviour, boolean isLasting) {
    Misfortune(String name, Behaviour behaviour) {
      this(name, behaviour, false);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Misfortune> misfortunes() {
    String busy = "{\"error\":{\"message\":\"busy\"}}";
    return Stream.of(
        new Misfortune("429", new Behaviour.Status(429, "", busy)),
        new Misfortune("429-later", new Behaviour.Status(429, "Retry-After: 1\r\n", busy)),
        new Misfortune("500", new Behaviour.Status(500, "", busy)),
        new Misfortune("503", new Behaviour.Status(503, "", busy)),
        new Misfortune("reset", new Behaviour.Reset()),
        new Misfortune("closed", new Behaviour.Close()),
        new Misfortune("half-open", new Behaviour.StallInBody()),
        new Misfortune("silent", new Behaviour.Stall()),
        new Misfortune("cut", new Behaviour.Truncate()),
        new Misfortune("cut-chunk", new Behaviour.TruncateChunked()),
        new Misfortune("no-http", raw("\u0000\u0001 this is not HTTP\r\n\r\n")),
        new Misfortune("no-json", new Behaviour.Status(200, "", "<html>Welcome!</html>")),
        new Misfortune("huge", new Behaviour.Endless(), true));
  }

  private static Behaviour raw(String text) {
    return new Behaviour.Raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @TempDir static Path folder;
  private final Map<String, TestModelServer> servers = new HashMap<>();
  private final Map<String, Job> jobs = new HashMap<>();
  private TestNode node;

  @BeforeAll
  void runAllAtOnce() throws IOException {
    List<Misfortune> all = misfortunes().toList();
    List<ModelEntry> entries = new ArrayList<>();
    for (Misfortune each : all) {
      TestModelServer server = TestModelServer.start(failing(each.behaviour()), log(each));
      servers.put(each.name(), server);
      ModelEntry.Server at = ModelEntry.Server.at(server.url(), "tiny").within(DEADLINE);
      entries.add(new ModelEntry("acme." + each.name(), at, Family.OPENAI_CHAT));
    }
    node = new TestNode(folder, entries, store -> store, PATIENCE);
    node.put(
        "s3://input/records.jsonl",
        IntStream.range(0, RECORDS)
            .mapToObj(CallAudit::id)
            .map(CallAudit::chatRecord)
            .collect(Collectors.joining()));
    for (Misfortune each : all) {
      jobs.put(
          each.name(),
          node.submit(
              each.name(), "acme." + each.name(), "s3://input/records.jsonl", "s3://output/"));
    }
    WorkRules rules = WorkRules.DEFAULT;
    node.start(
        new WorkRules(rules.input(), new QueueLimits(100, 100), rules.permissions(), false, true));
  }

  private static Path log(Misfortune each) {
    return folder.resolve(each.name() + ".log");
  }

  private static Function<TestModelServer.Received, Behaviour> failing(Behaviour behaviour) {
    Map<String, Boolean> seen = new ConcurrentHashMap<>();
    return call -> {
      String id = call.request().id();
      boolean isFirst = seen.put(id, true) == null;
      return isFirst && id.hashCode() % 3 == 0 ? behaviour : new Behaviour.Answer(5);
    };
  }

  @AfterAll
  void stop() {
    node.close();
    servers.values().forEach(TestModelServer::close);
  }

  @ParameterizedTest
  @MethodSource("misfortunes")
  void aServerThatFailsForAWhileCostsNoRecordAndNoSecondAnswer(Misfortune misfortune)
      throws IOException {
    Job ended = node.awaitEnd(Objects.requireNonNull(jobs.get(misfortune.name())).id());

    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    List<String> lines =
        node.read("s3://output/" + ended.id() + "/records.jsonl.out").lines().toList();
    int struck =
        (int) IntStream.range(0, RECORDS).filter(i -> CallAudit.id(i).hashCode() % 3 == 0).count();
    int errors = misfortune.isLasting() ? struck : 0;
    assertThat(ended.counts())
        .as("%s", lines.stream().filter(line -> line.contains("\"error\"")).findFirst())
        .isEqualTo(new RecordCounts(RECORDS, RECORDS - errors, errors));
    CallAudit audit = CallAudit.of(log(misfortune), lines, 0, RECORDS);
    assertThat(audit.lost()).isZero();
    assertThat(audit.doubled()).isZero();
    assertThat(audit.wrong()).isEqualTo(errors);
    assertThat(audit.finishedRepeats()).isZero();
    // A call that the server did not answer is made again, once, and no other is.
    assertThat(audit.repeats()).isEqualTo(struck - errors);
  }
}
