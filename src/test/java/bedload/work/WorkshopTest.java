package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.model.ModelEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs from Submitted to their end, through the real database, the real S3 wire and the real
 * schedulers.
 */
class WorkshopTest {
  private static final String ECHO = "bedload.echo";

  @TempDir Path folder;
  private TestNode node;
  private int failures;

  @BeforeEach
  void open() throws IOException {
    node = new TestNode(folder, List.of(new ModelEntry(ECHO, new ModelEntry.Echo(), null)));
    node.start();
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void aJobGivesOneLineARecordInInputOrderAManifestAndNothingElse() throws IOException {
    node.put("s3://input/records.jsonl", records(0, 2_500));

    Job job = node.submit("plain", ECHO, "s3://input/records.jsonl", "s3://output/results");
    Job ended = node.awaitEnd(job.id());

    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(ended.counts()).isEqualTo(new RecordCounts(2_500, 2_500, 0));
    assertThat(ended.endTime()).isNotNull();
    String outputFolder = "s3://output/results/" + job.id() + "/";
    List<String> lines = node.read(outputFolder + "records.jsonl.out").lines().toList();
    assertThat(lines).hasSize(2_500);
    assertThat(lines.get(1_234))
        .isEqualTo(
            "{\"modelInput\":{\"n\":1234},\"modelOutput\":{\"echo\":{\"n\":1234}},\"recordId\":\"r1234\"}");
    assertThat(ids(lines)).isEqualTo(IntStream.range(0, 2_500).mapToObj(i -> "r" + i).toList());
    assertThat(node.read(outputFolder + "manifest.json.out"))
        .startsWith(
            "{\"totalRecordCount\":2500,\"processedRecordCount\":2500,\"successRecordCount\":2500,\"errorRecordCount\":0");
    awaitSwept(job, outputFolder, 2);
  }

  @Test
  void everyJsonlBelowAPrefixGetsItsOutputAtTheSamePlaceAndOtherObjectsAreLeftAlone()
      throws IOException {
    node.put("s3://input/batch/a.jsonl", records(0, 3));
    node.put("s3://input/batch/deep/er/b.jsonl", records(3, 12_000));
    node.put("s3://input/batch/picture.png", "no json");
    node.put("s3://input/batchelor.jsonl", "not below the prefix");

    Job job = node.submit("folder", ECHO, "s3://input/batch", "s3://output");
    Job ended = node.awaitEnd(job.id());

    assertThat(ended.message()).isNull();
    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(ended.counts().success()).isEqualTo(12_003);
    assertThat(node.read("s3://output/" + job.id() + "/a.jsonl.out").lines()).hasSize(3);
    assertThat(ids(node.read("s3://output/" + job.id() + "/deep/er/b.jsonl.out").lines().toList()))
        .isEqualTo(IntStream.range(3, 12_003).mapToObj(i -> "r" + i).toList());
    awaitSwept(job, "s3://output/" + job.id() + "/", 3);
  }

  @Test
  void aWrongLineFailsTheJobWithItsPlaceAndNoCallIsMade() {
    node.put("s3://input/wrong.jsonl", records(0, 5) + "{\"modelInput\":7}\nnonsense\n");

    Job ended =
        node.awaitEnd(node.submit("wrong", ECHO, "s3://input/wrong.jsonl", "s3://output").id());

    assertThat(ended.status()).isEqualTo(JobStatus.FAILED);
    assertThat(ended.message())
        .contains(
            "s3://input/wrong.jsonl",
            "line 6, column 15: modelInput is a JSON object; found 7",
            "1 further",
            "bedload validate");
    assertThat(ended.counts()).isEqualTo(RecordCounts.NONE);
    assertThat(ended.endTime()).isNotNull();
  }

  @Test
  void whatIsMissingFailsTheJobWithASentenceThatNamesIt() {
    node.put("s3://input/empty.jsonl", "\n\n");
    node.put("s3://input/ok.jsonl", records(0, 1));

    assertThat(failure(ECHO, "s3://nowhere/x.jsonl", "s3://output")).contains("nowhere");
    assertThat(failure(ECHO, "s3://input/absent.jsonl", "s3://output"))
        .contains("s3://input/absent.jsonl does not exist");
    assertThat(failure(ECHO, "s3://input/folder/", "s3://output"))
        .contains("s3://input/folder/", ".jsonl");
    assertThat(failure(ECHO, "s3://input/empty.jsonl", "s3://output")).contains("holds no record");
    assertThat(failure(ECHO, "s3://input/ok.jsonl", "s3://no-output")).contains("no-output");
    assertThat(failure("acme.unknown", "s3://input/ok.jsonl", "s3://output"))
        .contains("acme.unknown", ECHO);
  }

  @Test
  void aJobThatIsStoppedBeforeItsTurnIsStoppedAndHasNoOutput() {
    node.stop();
    node.put("s3://input/records.jsonl", records(0, 10));
    Job job = node.submit("early", ECHO, "s3://input/records.jsonl", "s3://output");
    node.books.ledger().stop(TestNode.ACCOUNT, TestNode.REGION, job.id());

    node.start();

    assertThat(node.awaitEnd(job.id()).status()).isEqualTo(JobStatus.STOPPED);
    assertThat(node.keys("s3://output/" + job.id())).isEmpty();
  }

  private String failure(String model, String input, String output) {
    Job job = node.submit("failing-" + failures++, model, input, output);
    Job ended = node.awaitEnd(job.id());
    assertThat(ended.status()).isEqualTo(JobStatus.FAILED);
    return String.valueOf(ended.message());
  }

  private void awaitSwept(Job job, String outputFolder, int objects) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(node.books.shards().of(job.id())).isEmpty();
              assertThat(node.keys(outputFolder)).hasSize(objects);
              assertThat(journalFiles()).isEmpty();
            });
    assertThat(node.find(job.id()).counts().success()).isPositive();
  }

  private List<Path> journalFiles() throws IOException {
    Path journals = folder.resolve("journal");
    if (!Files.exists(journals)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(journals)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  static String records(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(i -> "{\"recordId\":\"r%d\",\"modelInput\":{\"n\":%d}}\n".formatted(i, i))
        .collect(Collectors.joining());
  }

  static List<String> ids(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll(".*\"recordId\":\"([^\"]*)\"}$", "$1"))
        .toList();
  }
}
