package bedload.work;

import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import bedload.ledger.Segment;
import bedload.ledger.ShardBook;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;

/** Turns answers into a segment: first the object, then the fenced row that makes it count. */
final class SegmentWriter {
  private final SegmentObjects objects;
  private final ShardBook shards;
  // A segment is held in memory while it is written: few at a time, however many shards run on the
  // node.
  private final Semaphore memory;
  private final WorkMeter meter;

  SegmentWriter(SegmentObjects objects, ShardBook shards, Semaphore memory, WorkMeter meter) {
    this.objects = objects;
    this.shards = shards;
    this.memory = memory;
    this.meter = meter;
  }

  /** Where the answers of a segment are. */
  interface Source {
    List<Answer> read() throws IOException;
  }

  /**
   * Writes the answers as the lease's segment number {@code sequence}; doing it again does no harm.
   *
   * @param known the ordinals that are durable already: answers to those are left out; the new ones
   *     are added
   * @return false if the lease is void
   */
  boolean write(Lease lease, int sequence, Source source, Ordinals known)
      throws IOException, InterruptedException {
    memory.acquire();
    try {
      List<Answer> answers = fresh(source.read(), known);
      if (answers.isEmpty()) {
        return true;
      }
      byte[] lines = join(answers);
      Segment segment = describe(lease, sequence, answers, lines);
      Shard shard = lease.shard();
      CrashPoint.SEGMENT_DUE.pass();
      long began = System.nanoTime();
      objects.put(shard, segment, lines);
      CrashPoint.SEGMENT_PUT.pass();
      boolean held = shards.commit(lease, segment, FailedLines.of(answers));
      CrashPoint.SEGMENT_COMMITTED.pass();
      if (held) {
        known.addAll(segment.ordinals());
        meter.segmentWritten(
            segment.sizeBytes(), segment.tokens(), Duration.ofNanos(System.nanoTime() - began));
      }
      return held;
    } finally {
      memory.release();
    }
  }

  private static List<Answer> fresh(List<Answer> answers, Ordinals known) {
    Ordinals taken = Ordinals.none();
    List<Answer> fresh = new ArrayList<>();
    for (Answer answer : answers) {
      if (!known.contains(answer.ordinal()) && taken.add(answer.ordinal())) {
        fresh.add(answer);
      }
    }
    fresh.sort(Comparator.comparingInt(Answer::ordinal));
    return fresh;
  }

  private static byte[] join(List<Answer> answers) {
    byte[] lines = new byte[answers.stream().mapToInt(answer -> answer.line().length).sum()];
    int at = 0;
    for (Answer answer : answers) {
      System.arraycopy(answer.line(), 0, lines, at, answer.line().length);
      at += answer.line().length;
    }
    return lines;
  }

  private static Segment describe(Lease lease, int sequence, List<Answer> answers, byte[] lines) {
    Ordinals ordinals = Ordinals.none();
    TokenUsage tokens = TokenUsage.UNKNOWN;
    int success = 0;
    for (Answer answer : answers) {
      ordinals.add(answer.ordinal());
      tokens = tokens.plus(answer.usage());
      success += answer.success() ? 1 : 0;
    }
    CRC32C crc = new CRC32C();
    crc.update(lines);
    return new Segment(
        lease.epoch(),
        sequence,
        ordinals,
        success,
        answers.size() - success,
        tokens,
        lines.length,
        crc.getValue());
  }
}
