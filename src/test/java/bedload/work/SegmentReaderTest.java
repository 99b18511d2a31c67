package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Ordinals;
import bedload.job.RecordCounts;
import bedload.job.S3Uri;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import bedload.ledger.JobSpecs;
import bedload.ledger.Segment;
import bedload.object.ObjectUpload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentReaderTest {
  /** A few of them make a segment that a store takes as a part. */
  private static final int LINE_BYTES = 1 << 20;

  private static final JobId ID = new JobId("abcdefghijkl");
  private static final Job JOB =
      new Job(
          ID,
          AccountId.DEFAULT,
          "us-east-1",
          JobSpecs.named("assembled"),
          JobStatus.IN_PROGRESS,
          null,
          Instant.EPOCH,
          Instant.EPOCH,
          null,
          new RecordCounts(40, 0, 0));
  private static final Shard SHARD = new Shard(ID, 0, 0, 0, 100, 0, 40);
  private static final S3Uri OUT = new S3Uri("output", "results/out");

  @TempDir Path spool;
  private final MemoryStore memory = new MemoryStore(Runnable::run, Set.of("output"));
  private CountingStore store;
  private SegmentObjects objects;

  @BeforeEach
  void open() {
    store = new CountingStore(memory, true);
    objects = new SegmentObjects(store, JOB);
  }

  private static String line(int ordinal) {
    return "%04d".formatted(ordinal) + "x".repeat(LINE_BYTES - 5) + "\n";
  }

  private static String lines(IntStream ordinals) {
    return ordinals.mapToObj(SegmentReaderTest::line).collect(Collectors.joining());
  }

  private Segment put(int epoch, int sequence, int... ordinals) {
    byte[] lines = lines(Arrays.stream(ordinals)).getBytes(StandardCharsets.US_ASCII);
    Ordinals set = Ordinals.none();
    Arrays.stream(ordinals).forEach(set::add);
    CRC32C crc = new CRC32C();
    crc.update(lines);
    Segment segment =
        new Segment(
            epoch,
            sequence,
            set,
            ordinals.length,
            0,
            TokenUsage.UNKNOWN,
            lines.length,
            crc.getValue());
    objects.put(SHARD, segment, lines);
    return segment;
  }

  private String assembled(List<Segment> segments) throws IOException {
    try (ObjectUpload out = store.upload(OUT, "application/jsonl")) {
      new SegmentReader(store, objects, spool).copy(SHARD, segments, out);
      out.complete();
    }
    try (InputStream bytes = memory.read(OUT)) {
      return new String(bytes.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** On several nodes, one after another: epochs say nothing of the order of records. */
  @Test
  void segmentsThatNoOtherMixesWithAreTakenWholeByTheStoreAndTheRestIsSorted() throws IOException {
    List<Segment> segments =
        List.of(
            put(1, 0, IntStream.range(20, 26).toArray()),
            put(1, 1, IntStream.range(6, 12).toArray()),
            put(2, 0, 12, 14, 16, 18, 19),
            put(2, 1, 13, 15, 17),
            put(3, 0, IntStream.range(0, 6).toArray()),
            put(3, 1, 26, 27));

    assertThat(assembled(segments)).isEqualTo(lines(IntStream.range(0, 28)));

    // The three of six lines went by; of the others 8 were mixed and 2 are too small for a part.
    assertThat(store.readBytes()).isEqualTo(10L * LINE_BYTES);
    assertThat(store.sentBytes()).isEqualTo(10L * LINE_BYTES);
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void withoutCopiesTheOutputIsTheSame() throws IOException {
    List<Segment> segments =
        List.of(
            put(1, 0, IntStream.range(6, 12).toArray()),
            put(1, 1, IntStream.range(0, 6).toArray()));
    store = new CountingStore(memory, false);

    assertThat(assembled(segments)).isEqualTo(lines(IntStream.range(0, 12)));

    assertThat(store.sentBytes()).isEqualTo(12L * LINE_BYTES);
  }

  @Test
  void anObjectThatIsNotWhatWasRecordedIsNeitherCopiedNorSent() {
    Segment whole = put(1, 0, IntStream.range(0, 6).toArray());
    Segment other =
        new Segment(1, 0, whole.ordinals(), 6, 0, TokenUsage.UNKNOWN, whole.sizeBytes(), 77);
    memory.delete(objects.uri(SHARD, whole));

    assertThatThrownBy(() -> assembled(List.of(whole)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not what was recorded");
    put(1, 0, IntStream.range(0, 6).toArray());
    assertThatThrownBy(() -> assembled(List.of(other)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not what was recorded");
    assertThat(memory.head(OUT)).isEmpty();
  }
}
