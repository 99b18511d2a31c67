package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.CallAudit;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.model.ModelEntry;
import bedload.model.TestModelServer;
import bedload.model.body.Family;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that share a model server, the first of them far larger than the others. */
@Tag("slow")
class FairJobsTest {
  private static final String MODEL = "acme.chat";
  private static final int LARGE = 17 * InputCheck.SHARD_RECORDS;
  private static final int SMALL = 50;
  private static final int AT_ONCE = 16;

  /** So that the server answers 200 calls a second. */
  private static final long CALL_MILLIS = 80;

  @TempDir Path folder;

  private static String records(int count) {
    return IntStream.range(0, count)
        .mapToObj(CallAudit::id)
        .map(CallAudit::chatRecord)
        .collect(Collectors.joining());
  }

  /** The large one has more shards than a node has places for. */
  @Test
  void aSmallJobIsNotHeldUpByALargeOneThatCameFirstNorIsACallRepeatedForIt() throws Exception {
    AtomicBoolean isSlow = new AtomicBoolean(true);
    try (TestModelServer server =
            TestModelServer.start(
                _ -> new TestModelServer.Behaviour.Answer(isSlow.get() ? CALL_MILLIS : 0));
        TestNode node =
            new TestNode(
                folder,
                List.of(
                    new ModelEntry(
                        MODEL,
                        new ModelEntry.Server(
                            server.url(), "tiny", null, Duration.ofMinutes(1), AT_ONCE, AT_ONCE),
                        Family.OPENAI_CHAT)))) {
      node.start();
      node.put("s3://input/large.jsonl", records(LARGE));
      node.put("s3://input/small.jsonl", records(SMALL));
      JobId large = node.submit("large", MODEL, "s3://input/large.jsonl", "s3://output").id();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> node.find(large).counts().success() > 100);

      JobId small = node.submit("small", MODEL, "s3://input/small.jsonl", "s3://output").id();
      Job ended = node.awaitEnd(small, Duration.ofMinutes(1));
      long ofLarge = node.find(large).counts().success();

      assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
      System.out.printf(
          "Of the large job %,d of %,d records were done when the small one had ended%n",
          ofLarge, LARGE);
      // Its share of 50 calls, and those of the seconds in which it was checked and got a place.
      assertThat(ofLarge).isLessThan(InputCheck.SHARD_RECORDS / 3);

      isSlow.set(false);
      Job whole = node.awaitEnd(large, Duration.ofMinutes(4));
      assertThat(whole.status()).isEqualTo(JobStatus.COMPLETED);
      assertThat(whole.counts()).isEqualTo(new RecordCounts(LARGE, LARGE, 0));
      assertThat(server.received()).isEqualTo(LARGE + SMALL);
      assertThat(server.mostInFlight()).isLessThanOrEqualTo(AT_ONCE);
    }
  }
}
