package bedload.work;

import bedload.job.Ordinals;
import bedload.job.Shard;
import bedload.ledger.Segment;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.object.ObjectUpload;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Gives the output lines of a shard in input order, though its segments hold them in the order of
 * their answers. A segment whose records no other one mixes with is taken as a whole, by the store
 * itself if it is large enough; others go through a file on the local disk, so that memory does not
 * grow with a shard's output.
 */
final class SegmentReader {
  /** No store takes a smaller part, so a smaller segment need not be looked at first. */
  private static final long WORTH_COPYING_BYTES = 5L << 20;

  private final ObjectStore store;
  private final SegmentObjects objects;
  private final Path spoolFolder;

  SegmentReader(ObjectStore store, SegmentObjects objects, Path spoolFolder) {
    this.store = store;
    this.objects = objects;
    this.spoolFolder = spoolFolder;
  }

  /** Appends the lines of a shard, those there are, to {@code out}. */
  void copy(Shard shard, List<Segment> segments, ObjectUpload out) throws IOException {
    for (List<Segment> mixed : runs(segments)) {
      if (mixed.size() == 1) {
        copyWhole(shard, mixed.getFirst(), out);
      } else {
        copySorted(shard, mixed, out);
      }
    }
  }

  /**
   * Returns the segments in runs: all records of a run come before those of the next one, and no
   * run could be cut further.
   */
  private static List<List<Segment>> runs(List<Segment> segments) {
    List<List<Segment>> runs = new ArrayList<>();
    int last = -1;
    for (Segment segment :
        segments.stream()
            .sorted(Comparator.comparingInt(segment -> segment.ordinals().first()))
            .toList()) {
      if (runs.isEmpty() || segment.ordinals().first() > last) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(segment);
      last = Math.max(last, segment.ordinals().last());
    }
    return runs;
  }

  private void copyWhole(Shard shard, Segment segment, ObjectUpload out) throws IOException {
    if (segment.sizeBytes() >= WORTH_COPYING_BYTES
        && out.append(objects.recorded(shard, segment))) {
      CrashPoint.PART_COPIED.pass();
      return;
    }
    try (CheckedInputStream in = open(shard, segment)) {
      in.transferTo(out);
      requireSound(shard, segment, in);
    }
  }

  private void copySorted(Shard shard, List<Segment> segments, OutputStream out)
      throws IOException {
    Files.createDirectories(spoolFolder);
    Path spool = Files.createTempFile(spoolFolder, "shard-", ".jsonl");
    try {
      long[] starts = new long[shard.records()];
      int[] lengths = new int[shard.records()];
      Arrays.fill(lengths, -1);
      fill(spool, shard, segments, starts, lengths);
      try (RandomAccessFile lines = new RandomAccessFile(spool.toFile(), "r")) {
        for (int ordinal = 0; ordinal < starts.length; ordinal++) {
          if (lengths[ordinal] >= 0) {
            byte[] line = new byte[lengths[ordinal]];
            lines.seek(starts[ordinal]);
            lines.readFully(line);
            out.write(line);
          }
        }
      }
    } finally {
      Files.deleteIfExists(spool);
    }
  }

  /** Copies all segments into the spool, and notes where each ordinal's line stands there. */
  private void fill(Path spool, Shard shard, List<Segment> segments, long[] starts, int[] lengths)
      throws IOException {
    long at = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(spool), 1 << 16)) {
      for (Segment segment : segments) {
        PrimitiveIterator.OfInt ordinals = segment.ordinals().iterator();
        CheckedInputStream in = open(shard, segment);
        try (Lines lines = new Lines(in, Integer.MAX_VALUE - 8)) {
          Lines.Line line;
          while ((line = lines.next()) != null) {
            byte[] bytes = line.bytes();
            if (bytes == null || !ordinals.hasNext()) {
              throw unsound(shard, segment, "more lines than records");
            }
            int ordinal = ordinals.nextInt();
            starts[ordinal] = at;
            lengths[ordinal] = bytes.length + 1;
            out.write(bytes);
            out.write('\n');
            at += bytes.length + 1;
          }
          requireSound(shard, segment, in);
        }
        if (ordinals.hasNext()) {
          throw unsound(shard, segment, "fewer lines than records");
        }
      }
    }
  }

  private CheckedInputStream open(Shard shard, Segment segment) throws LostSegment {
    try {
      InputStream bytes = store.read(objects.uri(shard, segment));
      return new CheckedInputStream(bytes, new CRC32C());
    } catch (ObjectStoreException e) {
      if (StoreTrouble.isFinal(e)) {
        throw unsound(shard, segment, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private void requireSound(Shard shard, Segment segment, CheckedInputStream read)
      throws LostSegment {
    if (read.getChecksum().getValue() != segment.crc32c()) {
      throw unsound(shard, segment, "another checksum");
    }
  }

  private LostSegment unsound(Shard shard, Segment segment, String found) {
    return new LostSegment(objects.uri(shard, segment), segment, found);
  }

  /**
   * Returns the ordinals that the segments hold together.
   *
   * @throws IllegalStateException if two of them hold the same one: a record would be in the output
   *     twice
   */
  static Ordinals union(Shard shard, List<Segment> segments) {
    Ordinals all = Ordinals.none();
    for (Segment segment : segments) {
      if (all.intersects(segment.ordinals())) {
        throw new IllegalStateException(
            "Shard %d of job %s: segment %d-%d repeats records of another"
                .formatted(shard.number(), shard.job(), segment.epoch(), segment.sequence()));
      }
      all.addAll(segment.ordinals());
    }
    return all;
  }
}
