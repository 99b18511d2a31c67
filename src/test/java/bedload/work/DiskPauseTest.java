package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bedload.CallAudit;
import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.model.ModelEntry;
import bedload.model.TestModelServer;
import bedload.model.body.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose journal cannot be written pays for nothing, says so, and goes on by itself. */
@Tag("slow")
class DiskPauseTest {
  private static final int RECORDS = 400;

  @TempDir Path folder;
  private TestModelServer server;
  private TestNode node;
  private Path serverLog;
  private final AtomicBoolean isHolding = new AtomicBoolean();

  @BeforeEach
  void open() throws IOException {
    serverLog = folder.resolve("calls.log");
    // So that the job is not over before the test has filled the disk.
    server =
        TestModelServer.start(
            call ->
                call.number() <= 60
                    ? new TestModelServer.Behaviour.Answer(100)
                    : new TestModelServer.Behaviour.Held(100, isHolding::get, 30_000),
            serverLog);
    ModelEntry.Server at = ModelEntry.Server.at(server.url(), "tiny");
    node = new TestNode(folder, List.of(new ModelEntry("acme.chat", at, Family.OPENAI_CHAT)));
    node.put(
        "s3://input/records.jsonl",
        IntStream.range(0, RECORDS)
            .mapToObj(CallAudit::id)
            .map(id -> CallAudit.chatRecord(id, "x".repeat(2_000)))
            .collect(Collectors.joining()));
  }

  @AfterEach
  void close() {
    node.close();
    server.close();
  }

  @Test
  void noCallIsMadeWhileTheJournalCannotBeWrittenAndAllAreMadeAfterwards() throws IOException {
    // Where a file stands no folder can be made: as final as a disk that is read-only.
    Path inTheWay = Files.writeString(folder.resolve("journal"), "in the way");
    node.start();
    Job job = submit();

    awaitPause(job);
    assertThat(server.received()).isZero();
    Files.delete(inTheWay);

    judge(job);
  }

  @Test
  void aDiskThatFillsUpInTheMiddleOfAJobCostsNoAnswer() throws Exception {
    Path journal = Files.createDirectories(folder.resolve("journal"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", journal.toString()));
    try {
      isHolding.set(true);
      node.start();
      Job job = submit();
      Awaitility.await().until(() -> server.answered() > 50);
      Path filler = fill(journal);
      isHolding.set(false);
      awaitPause(job, () -> fill(journal));
      long paid = server.received();
      Awaitility.await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(10))
          .until(() -> server.received() == paid);
      Files.delete(filler);

      judge(job);
    } finally {
      node.stop();
      assertThat(run("umount", "-l", journal.toString())).isTrue();
    }
  }

  /** Takes whatever is free; a journal whose segment was written meanwhile has left some. */
  private static Path fill(Path journal) throws IOException {
    Path filler = journal.resolve("filler");
    byte[] block = new byte[4096];
    try (var out =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      return filler;
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private Job submit() {
    return node.submit("pause", "acme.chat", "s3://input/records.jsonl", "s3://output/");
  }

  private void awaitPause(Job job) {
    awaitPause(job, () -> {});
  }

  private void awaitPause(Job job, ThrowingRunnable meanwhile) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              meanwhile.run();
              assertThat(node.find(job.id()).message())
                  .startsWith("Paused: the journal in " + folder.resolve("journal"))
                  .contains("No call is made meanwhile");
            });
    assertThat(node.find(job.id()).status()).isEqualTo(JobStatus.IN_PROGRESS);
  }

  private void judge(Job job) throws IOException {
    Job ended = node.awaitEnd(job.id());
    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(ended.message()).isNull();
    List<String> lines =
        node.read("s3://output/" + job.id() + "/records.jsonl.out").lines().toList();
    assertThat(CallAudit.of(serverLog, lines, 0, RECORDS)).isEqualTo(new CallAudit(0, 0, 0, 0, 0));
  }
}
