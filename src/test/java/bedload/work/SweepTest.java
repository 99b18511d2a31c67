package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.model.ModelEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An hour after a job's end nothing is left of it but what its owner gets. */
class SweepTest {
  private static final String ECHO = "bedload.echo";

  @TempDir Path folder;
  private final ShiftedClock clock = new ShiftedClock();
  private TestNode node;

  @BeforeEach
  void open() throws IOException {
    node = new TestNode(folder, List.of(new ModelEntry(ECHO, new ModelEntry.Echo(), null)), clock);
    node.start();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Job ended() {
    node.put("s3://input/records.jsonl", WorkshopTest.records(0, 25));
    Job job = node.submit("swept", ECHO, "s3://input/records.jsonl", "s3://output/results");
    assertThat(node.awaitEnd(job.id()).status()).isEqualTo(JobStatus.COMPLETED);
    awaitNothingLeft(job);
    return job;
  }

  private static String outputOf(Job job) {
    return "results/" + job.id() + "/";
  }

  private void leaveSegments(Job job, int count) {
    for (int i = 0; i < count; i++) {
      node.put("s3://output/%sin-progress/000000/00001-%06d.jsonl".formatted(outputOf(job), i), "");
    }
  }

  private void awaitNothingLeft(Job job) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(node.keys("s3://output/" + outputOf(job)))
                  .containsExactlyInAnyOrder(
                      outputOf(job) + "manifest.json.out", outputOf(job) + "records.jsonl.out");
              assertThat(node.uploads("output"))
                  .doesNotContain(outputOf(job) + "records.jsonl.out");
              assertThat(rows("ledger.shard")).isZero();
              assertThat(rows("ledger.segment")).isZero();
              assertThat(folder.resolve("journal").resolve(job.id().value())).doesNotExist();
            });
  }

  private int rows(String table) {
    return node.database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery("select count(*) from " + table).mapTo(int.class).one());
  }

  /** As a node writes that dies or was frozen while the job was swept; it never comes back. */
  @Test
  void whatReachesTheStoreAfterTheFirstSweepIsGoneWithinTheHour() {
    Job job = ended();
    leaveSegments(job, 3);
    node.leaveUpload("output", outputOf(job) + "records.jsonl.out");
    node.leaveUpload("output", "others/of-somebody-else.bin");

    clock.advance(Duration.ofMinutes(40));
    assertThat(node.keys("s3://output/" + outputOf(job) + "in-progress/")).hasSize(3);
    clock.advance(Duration.ofMinutes(20));

    awaitNothingLeft(job);
    assertThat(node.uploads("output")).containsExactly("others/of-somebody-else.bin");
    Awaitility.await().until(() -> rows("ledger.task where task_name like 'sweep%'") == 0);
  }

  /** A node that was frozen for hours wakes up, and finishes the write that it was about. */
  @Test
  void whatANodeWritesThatWasAwayForHoursIsGoneAQuarterOfAnHourLater() throws IOException {
    Job job = ended();
    clock.advance(Duration.ofHours(5));
    Awaitility.await().until(() -> rows("ledger.task where task_name like 'sweep%'") == 0);
    Path journals = Files.createDirectories(folder.resolve("journal").resolve(job.id().value()));
    Files.writeString(journals.resolve("0-1-0"), "an answer, or half of one");
    leaveSegments(job, 1);

    // More than one round may be due by now, and each takes all.
    clock.advance(Duration.ofMinutes(15));

    awaitNothingLeft(job);
  }

  @Test
  void whatADeadProcessLeftOnItsDiskIsGoneWhenItIsBack() throws IOException {
    Job job = ended();
    node.stop();
    Path spool = Files.createDirectories(folder.resolve("spool"));
    Files.writeString(spool.resolve("shard-123.jsonl"), "lines of a shard");
    Path journals = Files.createDirectories(folder.resolve("journal").resolve(job.id().value()));
    Files.writeString(journals.resolve("0-1-0"), "an answer, or half of one");

    node.start();

    assertThat(spool).isEmptyDirectory();
    awaitNothingLeft(job);
  }

  /** Jobs fail because their bucket is gone: what has no place cannot lie there. */
  @Test
  void aJobWhoseBucketIsGoneIsSweptAllTheSame() {
    node.put("s3://input/records.jsonl", WorkshopTest.records(0, 5));
    Job job = node.submit("nowhere", ECHO, "s3://input/records.jsonl", "s3://no-such-bucket");

    assertThat(node.awaitEnd(job.id()).status()).isEqualTo(JobStatus.FAILED);
    clock.advance(Duration.ofHours(1));

    Awaitility.await().until(() -> rows("ledger.task where task_name like 'sweep%'") == 0);
    assertThat(rows("ledger.shard")).isZero();
  }
}
