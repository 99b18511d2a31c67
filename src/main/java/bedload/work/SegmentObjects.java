package bedload.work;

import bedload.job.Job;
import bedload.job.Ordinals;
import bedload.job.S3Uri;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import bedload.ledger.RecordFailure;
import bedload.ledger.Segment;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.object.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A running job's segments in the object store: {@code
 * <output>/<job>/in-progress/<shard>/<epoch>-<sequence>.jsonl}. Each is plain output lines, so that
 * a user can read results before the job ends; what the ledger needs of it stands in the object's
 * metadata too, so that a segment whose row was never written can be adopted.
 */
final class SegmentObjects {
  private static final String CONTENT_TYPE = "application/jsonl";
  private static final String FOLDER = "in-progress/";
  private static final Pattern NAME = Pattern.compile(".*/([0-9]{1,9})-([0-9]{1,9})\\.jsonl");

  private static final String ORDINALS = "bedload-ordinals";
  private static final String OUTCOMES = "bedload-outcomes";
  private static final String TOKENS = "bedload-tokens";
  private static final String CRC32C = "bedload-crc32c";
  private static final String UNKNOWN = "-";

  private final ObjectStore store;
  private final S3Uri folder;

  SegmentObjects(ObjectStore store, Job job) {
    this.store = store;
    this.folder = job.outputFolder().resolve(FOLDER);
  }

  /** Returns the place of all segments of the job. */
  S3Uri folder() {
    return folder;
  }

  /** Returns the place of a segment. */
  S3Uri uri(Shard shard, Segment segment) {
    return uri(shard, segment.epoch(), segment.sequence());
  }

  private S3Uri uri(Shard shard, int epoch, int sequence) {
    return folderOf(shard).resolve("%05d-%06d.jsonl".formatted(epoch, sequence));
  }

  private S3Uri folderOf(Shard shard) {
    return folder.resolve("%06d/".formatted(shard.number()));
  }

  /** Writes a segment's object; doing it again writes the same. */
  void put(Shard shard, Segment segment, byte[] lines) {
    TokenUsage tokens = segment.tokens();
    store.put(
        uri(shard, segment),
        ByteBuffer.wrap(lines),
        CONTENT_TYPE,
        Map.of(
            ORDINALS, Base64.getEncoder().encodeToString(segment.ordinals().toBytes()),
            OUTCOMES, segment.success() + " " + segment.error(),
            TOKENS,
                String.join(
                    " ",
                    text(tokens.input()),
                    text(tokens.output()),
                    text(tokens.cacheRead()),
                    text(tokens.cacheWrite())),
            CRC32C, Long.toString(segment.crc32c())));
  }

  /**
   * Returns the object of a segment as the store has it, without its bytes.
   *
   * @throws LostSegment if it is not the object that was recorded
   */
  StoredObject recorded(Shard shard, Segment segment) throws LostSegment {
    S3Uri uri = uri(shard, segment);
    StoredObject found =
        head(uri, segment)
            .orElseThrow(() -> new LostSegment(uri, segment, "there is no such object"));
    if (found.sizeBytes() != segment.sizeBytes()
        || !Long.toString(segment.crc32c()).equals(found.metadata().get(CRC32C))) {
      throw new LostSegment(uri, segment, "another size or checksum");
    }
    return found;
  }

  private Optional<StoredObject> head(S3Uri uri, Segment segment) throws LostSegment {
    try {
      return store.head(uri);
    } catch (ObjectStoreException e) {
      if (StoreTrouble.isFinal(e)) {
        throw new LostSegment(uri, segment, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  /** Returns why records of a segment failed, as its object says it. */
  List<RecordFailure> failures(Shard shard, Segment segment) throws IOException {
    return segment.error() == 0
        ? List.of()
        : FailedLines.read(store.read(uri(shard, segment)), segment.ordinals());
  }

  /** Returns the segments of a shard that are in the store, whether or not a row knows them. */
  List<Segment> list(Shard shard) {
    List<Segment> segments = new ArrayList<>();
    for (StoredObject object : store.list(folderOf(shard))) {
      Matcher name = NAME.matcher(object.uri().key());
      if (name.matches()) {
        store
            .head(object.uri())
            .flatMap(
                head ->
                    segment(head, Integer.parseInt(name.group(1)), Integer.parseInt(name.group(2))))
            .ifPresent(segments::add);
      }
    }
    return segments;
  }

  /** Returns what an object says of itself; empty if it is none of ours. */
  private static Optional<Segment> segment(StoredObject object, int epoch, int sequence) {
    Map<String, String> metadata = object.metadata();
    String ordinals = metadata.get(ORDINALS);
    String outcomes = metadata.get(OUTCOMES);
    String tokens = metadata.get(TOKENS);
    String crc32c = metadata.get(CRC32C);
    if (ordinals == null || outcomes == null || tokens == null || crc32c == null) {
      return Optional.empty();
    }
    String[] outcome = outcomes.split(" ");
    String[] token = tokens.split(" ");
    return Optional.of(
        new Segment(
            epoch,
            sequence,
            Ordinals.fromBytes(Base64.getDecoder().decode(ordinals)),
            Integer.parseInt(outcome[0]),
            Integer.parseInt(outcome[1]),
            new TokenUsage(count(token[0]), count(token[1]), count(token[2]), count(token[3])),
            object.sizeBytes(),
            Long.parseLong(crc32c)));
  }

  private static String text(@Nullable Long count) {
    return count == null ? UNKNOWN : count.toString();
  }

  private static @Nullable Long count(String text) {
    return text.equals(UNKNOWN) ? null : Long.valueOf(text);
  }
}
