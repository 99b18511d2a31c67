package bedload.work;

import bedload.job.S3Uri;
import bedload.ledger.Segment;
import java.io.IOException;

/** A segment whose object is not, or cannot be read as, what the ledger has recorded of it. */
final class LostSegment extends IOException {
  private final transient S3Uri object;
  private final int records;

  /**
   * @param found what there is in its place, to end a sentence with
   */
  LostSegment(S3Uri object, Segment segment, String found) {
    super("Segment %s is not what was recorded of it: %s".formatted(object, found));
    this.object = object;
    this.records = segment.ordinals().size();
  }

  /** Returns the place of the segment. */
  S3Uri object() {
    return object;
  }

  /** Returns how many records it held. */
  int records() {
    return records;
  }
}
