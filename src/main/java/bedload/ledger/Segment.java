package bedload.ledger;

import bedload.job.Ordinals;
import bedload.job.TokenUsage;

/**
 * A durable object with the finished output lines of some records of a shard, in the order of their
 * ordinals.
 *
 * @param epoch of the claim under which the object was written; with the sequence it makes the
 *     object's name
 * @param sequence counts the segments of a claim
 * @param ordinals which records of the shard
 * @param crc32c of the object's bytes
 */
public record Segment(
    int epoch,
    int sequence,
    Ordinals ordinals,
    int success,
    int error,
    TokenUsage tokens,
    long sizeBytes,
    long crc32c) {

  public Segment {
    if (success + error != ordinals.size()) {
      throw new IllegalArgumentException(
          "A segment of %d records cannot have %d successes and %d errors"
              .formatted(ordinals.size(), success, error));
    }
  }
}
