package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.S3Uri;
import bedload.ledger.InputFault;
import bedload.ledger.QueueLimits;
import bedload.model.ModelEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job's input is held to, and what its owner hears of it. */
class ValidationTest {
  private static final String ECHO = "bedload.echo";

  @TempDir Path folder;
  private TestNode node;
  private int names;

  @BeforeEach
  void open() throws IOException {
    node = new TestNode(folder, List.of(new ModelEntry(ECHO, new ModelEntry.Echo(), null)));
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void allBadLinesOfAllObjectsAreKeptWithTheirPlaceAndTheRuleTheyBreak() {
    node.start();
    node.put("s3://input/bad/a.jsonl", "{\"modelInput\":{}}\n\u0000\n");
    node.put("s3://input/bad/b.jsonl", "{\"modelInput\":[1]}\n".repeat(1_500));

    Job failed = run("s3://input/bad/");

    assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
    assertThat(failed.message())
        .startsWith("Input s3://input/bad/a.jsonl, line 2, column 1: a line is one JSON object")
        .contains("1,500 further lines are wrong");
    List<InputFault> faults = node.books.inputs().faults(failed.id());
    assertThat(faults).hasSize(1_000);
    assertThat(faults.get(999))
        .isEqualTo(
            new InputFault(
                S3Uri.parse("s3://input/bad/b.jsonl"),
                999,
                15,
                "modelInput is a JSON object",
                "[1]}"));
  }

  @Test
  void recordIdsThatRepeatAreCountedOverAllObjectsAndTheJobRuns() {
    node.start();
    node.put("s3://input/ids/a.jsonl", WorkshopTest.records(0, 10));
    node.put("s3://input/ids/b.jsonl", WorkshopTest.records(7, 5));

    Job job = run("s3://input/ids/");

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.counts().success()).isEqualTo(15);
    assertThat(job.message()).startsWith("3 records repeat the recordId of an earlier one");
  }

  @Test
  void theQuotasOfAwsHoldIfTheyAreSet() {
    startWith(InputLimits.AWS);
    node.put("s3://input/few.jsonl", WorkshopTest.records(0, 99));
    node.put("s3://input/enough.jsonl", WorkshopTest.records(0, 100));
    node.put("s3://input/many.jsonl", "{\"modelInput\":{}}\n".repeat(100_001));

    Job few = run("s3://input/few.jsonl");

    assertThat(few.message())
        .startsWith(
            "Batch job %s contains less records (99) than the required minimum of: 100"
                .formatted(few.arn()));
    assertThat(run("s3://input/enough.jsonl").status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(run("s3://input/many.jsonl").message())
        .startsWith(
            "The input s3://input/many.jsonl holds 100,001 records; an input file holds at most 100,000");
  }

  @Test
  void eachLimitIsHeldByItselfWithTheObjectThatBrokeIt() {
    node.put("s3://input/two/a.jsonl", WorkshopTest.records(0, 3));
    node.put("s3://input/two/b.jsonl", WorkshopTest.records(0, 3));

    startWith(new InputLimits(1, 100, 5, 1_000, 1_000));
    assertThat(run("s3://input/two/").message())
        .contains("more than 5 records in all", "s3://input/two/b.jsonl");
    node.stop();
    startWith(new InputLimits(1, 100, 100, 50, 1_000));
    assertThat(run("s3://input/two/").message())
        .contains("s3://input/two/a.jsonl holds", "at most 50.");
    node.stop();
    startWith(new InputLimits(1, 100, 100, 1_000, 150));
    assertThat(run("s3://input/two/").message())
        .contains("more than 150 bytes in all", "s3://input/two/b.jsonl");
  }

  @Test
  @Tag("slow")
  void everyObjectOfALargePrefixHasItsOutput() throws IOException {
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < 1_000; i++) {
        int n = i;
        threads.execute(
            () ->
                node.put(
                    "s3://input/many/%d/%d.jsonl".formatted(n % 10, n),
                    WorkshopTest.records(n, 1)));
      }
    }
    node.start();

    Job job = node.submit("many", ECHO, "s3://input/many/", "s3://output/");
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> node.find(job.id()).status().isFinal());

    assertThat(node.find(job.id()).status()).isEqualTo(JobStatus.COMPLETED);
    String folder = "s3://output/" + job.id() + "/";
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(node.keys(folder)).hasSize(1_001));
    assertThat(node.read(folder + "3/993.jsonl.out")).contains("\"recordId\":\"r993\"");
  }

  private void startWith(InputLimits limits) {
    node.start(new WorkRules(limits, QueueLimits.DEFAULT, Permissions.DEFAULT, false, true));
  }

  private Job run(String input) {
    return node.awaitEnd(node.submit("job-" + names++, ECHO, input, "s3://output/").id());
  }
}
