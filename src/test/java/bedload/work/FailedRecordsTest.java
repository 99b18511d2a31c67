package bedload.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import bedload.job.InputObject;
import bedload.job.InputRecord;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.job.RecordCounts;
import bedload.job.RecordOutcome;
import bedload.job.S3Uri;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import bedload.ledger.PickedShard;
import bedload.ledger.Plan;
import bedload.ledger.QueueLimits;
import bedload.ledger.RecordErrors;
import bedload.ledger.RecordErrors.FailedRecord;
import bedload.model.ModelEntry;
import bedload.model.body.Family;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a record failed stands in the ledger with the segment that holds its line, on every way. */
class FailedRecordsTest {
  private static final String CHAT = "acme.chat";

  @TempDir Path folder;
  private TestNode node;
  private RecordErrors errors;

  @BeforeEach
  void open() throws IOException {
    // Nobody listens there: the bodies of these tests are refused before any call.
    ModelEntry.Server nowhere =
        new ModelEntry.Server(
            URI.create("http://127.0.0.1:1/v1"),
            "none",
            null,
            ModelEntry.Server.DEFAULT_DEADLINE,
            1,
            1);
    node =
        new TestNode(
            folder,
            List.of(
                new ModelEntry("bedload.echo", new ModelEntry.Echo(), null),
                new ModelEntry(CHAT, nowhere, Family.OPENAI_CHAT)));
    errors = new RecordErrors(node.database.jdbi());
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void recordsThatAModelRefusesAreCountedAndKeptWithTheirPlaceAfterTheJobHasEnded() {
    node.put(
        "s3://input/bad.jsonl",
        """

        {"recordId":"first","modelInput":{"n":1}}
        {"recordId":"se\\u0000cond","modelInput":{"n":2}}
        """);
    node.start();

    Job job = node.submit("bad", CHAT, "s3://input/bad.jsonl", "s3://output");
    Job ended = node.awaitEnd(job.id());

    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(ended.counts()).isEqualTo(new RecordCounts(2, 0, 2));
    assertThat(errors.byCode(job.id())).isEqualTo(Map.of(400, 2L));
    assertThat(errors.first(job.id(), OptionalInt.empty(), 10))
        .extracting(FailedRecord::recordId, FailedRecord::uri, FailedRecord::line)
        .containsExactly(
            tuple("first", "s3://input/bad.jsonl", 1L),
            tuple("se\ufffdcond", "s3://input/bad.jsonl", 2L));
    FailedRecord first = errors.first(job.id(), OptionalInt.of(400), 1).getFirst();
    assertThat(first.calls()).isEqualTo(1);
    assertThat(first.message()).contains("messages");
    assertThat(errors.first(job.id(), OptionalInt.of(500), 1)).isEmpty();
  }

  @Test
  void aSegmentThatReachedOnlyTheObjectStoreBringsItsErrorsAlong() throws Exception {
    Job job = node.submit("orphan", CHAT, "s3://input/any.jsonl", "s3://output");
    Lease dead = running(job.id());
    SegmentObjects objects = new SegmentObjects(node.store, job);
    Lease successor =
        PickedShard.claim(node.database.jdbi(), node.books.shards(), job.id(), 0, "other")
            .orElseThrow();
    // The fence is checked after the object is written: this is what a late writer leaves.
    assertThat(writer(objects).write(dead, 0, () -> List.of(good(0), bad(1)), none())).isFalse();
    assertThat(errors.byCode(job.id())).isEmpty();

    try (Journals journals = Journals.open(folder.resolve("journal"))) {
      Recovery.Found found =
          new Recovery(node.books.shards(), objects, writer(objects), journals).adopt(successor);

      assertThat(found.durable().size()).isEqualTo(2);
    }
    assertThat(errors.byCode(job.id())).isEqualTo(Map.of(503, 1L));
    FailedRecord failed = errors.first(job.id(), OptionalInt.empty(), 10).getFirst();
    assertThat(failed.recordId()).isEqualTo("record-1");
    assertThat(failed.message()).isEqualTo("nobody there");
    assertThat(failed.line()).isEqualTo(2);
    assertThat(failed.calls()).isNull();
  }

  private SegmentWriter writer(SegmentObjects objects) {
    return new SegmentWriter(objects, node.books.shards(), new Semaphore(1), WorkMeter.NONE);
  }

  private static Ordinals none() {
    return Ordinals.none();
  }

  private static Answer good(int ordinal) {
    return new Answer(
        ordinal,
        true,
        TokenUsage.UNKNOWN,
        line(
            ordinal,
            new RecordOutcome.Success("{\"error\":1}".getBytes(UTF_8), TokenUsage.UNKNOWN)));
  }

  private static Answer bad(int ordinal) {
    return new Answer(
        ordinal,
        false,
        TokenUsage.UNKNOWN,
        line(ordinal, new RecordOutcome.Failure(503, "nobody there", 5)),
        5);
  }

  private static byte[] line(int ordinal, RecordOutcome outcome) {
    return OutputLine.of(
        new JobId("abcdefghij12"),
        0,
        new InputRecord(ordinal, "record-" + ordinal, "{}".getBytes(UTF_8)),
        outcome);
  }

  private Lease running(JobId job) {
    node.books.steps().beginValidating(job);
    InputObject input =
        new InputObject(0, S3Uri.parse("s3://input/any.jsonl"), "any.jsonl", 100L, "etag", 2L);
    node.books
        .steps()
        .schedule(job, Plan.of(List.of(input), List.of(new Shard(job, 0, 0, 0, 100, 0, 2))));
    node.books.queue().start(new QueueLimits(10, 10), _ -> Optional.empty());
    return PickedShard.claim(node.database.jdbi(), node.books.shards(), job, 0, "dead")
        .orElseThrow();
  }
}
