package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.FaultProxy;
import bedload.FaultProxy.Fault;
import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.ledger.Figures;
import bedload.model.ModelEntry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that took a segment and has it no more, for a while or for good. */
class LostSegmentTest {
  private static final String ECHO = "bedload.echo";
  private static final Fault NOT_FOUND =
      new Fault.Refused(
          404, "<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>");
  private static final Duration STEP = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final ShiftedClock clock = new ShiftedClock();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean isLost = true;
  private @Nullable FaultProxy network;
  private TestNode node;

  @BeforeEach
  void open() throws IOException {
    ModelEntry echo = new ModelEntry(ECHO, new ModelEntry.Echo(), null);
    node = new TestNode(folder, List.of(echo), clock, this::throughFaults);
    node.start();
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    if (network != null) {
      network.close();
    }
  }

  private URI throughFaults(URI store) {
    FaultProxy proxy = FaultProxy.before(store, this::lose);
    network = proxy;
    return proxy.url();
  }

  /** The second of the shards has lost its segment. */
  private Fault lose(FaultProxy.Seen seen) {
    boolean isRead = seen.method().equals("GET") || seen.method().equals("HEAD");
    if (!isRead || !seen.target().contains("/in-progress/000001/")) {
      return new Fault.None();
    }
    asked.incrementAndGet();
    return isLost ? NOT_FOUND : new Fault.None();
  }

  private Job submitted() {
    node.put("s3://input/lost/a.jsonl", WorkshopTest.records(0, 30));
    node.put("s3://input/lost/b.jsonl", WorkshopTest.records(30, 5));
    return node.submit("lost", ECHO, "s3://input/lost/", "s3://output");
  }

  /** Lets time pass until the job has ended or was tried so often; returns how often it was. */
  private int tries(Job job, int most) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              if (asked.get() >= most || node.find(job.id()).status().isFinal()) {
                return true;
              }
              clock.advance(STEP);
              return false;
            });
    return asked.get();
  }

  @Test
  void aJobWhoseSegmentIsLostForGoodFailsAndKeepsEveryOtherAnswer() throws IOException {
    Job job = submitted();

    assertThat(tries(job, 100)).isBetween(StorePatience.LEAST_TRIES, 99);
    Job ended = node.find(job.id());

    String output = "s3://output/" + job.id() + "/";
    assertThat(ended.status()).isEqualTo(JobStatus.FAILED);
    assertThat(String.valueOf(ended.message()))
        .contains(output + "in-progress/000001/00001-000000.jsonl")
        .contains("5 of 35 records", "10 minutes", "paid");
    // Before it is swept and afterwards: what was answered and lost is nobody's.
    RecordCounts delivered = new RecordCounts(35, 30, 0);
    assertThat(ended.counts()).isEqualTo(delivered);
    assertThat(new Figures(node.database.jdbi()).byStatus())
        .containsExactly(new Figures.InStatus(JobStatus.FAILED, 1, 30, 0));
    List<String> kept = new ArrayList<>(node.read(output + "a.jsonl.out").lines().toList());
    kept.addAll(node.read(output + "b.jsonl.out").lines().toList());
    assertThat(kept).hasSize(30);
    assertThat(node.read(output + "manifest.json.out"))
        .startsWith(
            "{\"totalRecordCount\":35,\"processedRecordCount\":30,\"successRecordCount\":30");
  }

  @Test
  void aSegmentThatIsBackWithinTheTimeCostsNothing() throws IOException {
    Job job = submitted();

    assertThat(tries(job, 4)).isEqualTo(4);
    assertThat(node.find(job.id()).message())
        .startsWith("Paused: the outputs cannot be written. Segment s3://output/")
        .contains("No call is made meanwhile", "10 minutes");
    isLost = false;
    tries(job, 100);

    Job ended = node.find(job.id());
    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(ended.message()).isNull();
    assertThat(ended.counts()).isEqualTo(new RecordCounts(35, 35, 0));
    assertThat(node.read("s3://output/" + job.id() + "/b.jsonl.out").lines()).hasSize(5);
  }
}
