package bedload.work;

import bedload.job.InputRecord;
import bedload.job.JobId;
import bedload.job.Shard;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Checks every line of an input and cuts it into shards at line ends. One pass, one line in memory.
 * The same check runs in Validating and offline.
 */
public final class InputCheck {
  /** How many faults are kept word by word; the rest are counted. */
  static final int FAULTS_KEPT = 1_000;

  static final int SHARD_RECORDS = 10_000;
  static final long SHARD_BYTES = 64L << 20;

  private final RecordReader reader = new RecordReader();
  private final RecordIds ids;
  private final int shardRecords;

  /** Checks one input for itself. */
  public InputCheck() {
    this(new RecordIds(), SHARD_RECORDS);
  }

  /**
   * @param ids those of the job so far
   * @param shardRecords how many records a shard holds at most
   */
  InputCheck(RecordIds ids, int shardRecords) {
    this.ids = ids;
    this.shardRecords = shardRecords;
  }

  /**
   * What a check found.
   *
   * @param records how many lines hold a record
   * @param faultCount how many lines do not
   * @param faults the first of those, in their order
   * @param cuts the shards, numbered from 0 within this input
   * @param repetition what to say of recordIds that occur more than once; empty if nothing
   */
  public record Report(
      long records,
      long sizeBytes,
      long faultCount,
      List<LineFault> faults,
      List<Cut> cuts,
      String repetition) {
    public Report {
      faults = List.copyOf(faults);
      cuts = List.copyOf(cuts);
    }
  }

  /** A run of lines that becomes a shard. */
  public record Cut(long firstByte, long endByte, long firstOrdinal, int records) {
    Shard toShard(JobId job, int number, int input) {
      return new Shard(job, number, input, firstByte, endByte, firstOrdinal, records);
    }
  }

  /**
   * Reads the stream to its end and closes it; {@code progress} hears the bytes read so far, line
   * by line.
   */
  public Report check(InputStream stream, LongConsumer progress) throws IOException {
    List<LineFault> faults = new ArrayList<>();
    List<Cut> cuts = new ArrayList<>();
    long faultCount = 0;
    long number = 0;
    long ordinal = 0;
    long size = 0;
    long cutByte = 0;
    long cutOrdinal = 0;
    try (Lines lines = new Lines(stream)) {
      Lines.Line line;
      while ((line = lines.next()) != null) {
        number++;
        size = line.endByte();
        progress.accept(size);
        if (line.isBlank()) {
          continue;
        }
        switch (reader.read(line, number, ordinal)) {
          case RecordReader.Reading.Good(InputRecord record) -> {
            ordinal++;
            if (record.recordId() != null) {
              ids.add(record.recordId());
            }
          }
          case RecordReader.Reading.Bad(LineFault fault) -> {
            faultCount++;
            if (faults.size() < FAULTS_KEPT) {
              faults.add(fault);
            }
          }
        }
        if (ordinal - cutOrdinal >= shardRecords || size - cutByte >= SHARD_BYTES) {
          if (ordinal > cutOrdinal) {
            cuts.add(new Cut(cutByte, size, cutOrdinal, (int) (ordinal - cutOrdinal)));
          }
          cutByte = size;
          cutOrdinal = ordinal;
        }
      }
    }
    if (ordinal > cutOrdinal) {
      cuts.add(new Cut(cutByte, size, cutOrdinal, (int) (ordinal - cutOrdinal)));
    }
    return new Report(ordinal, size, faultCount, faults, cuts, repetition(ids));
  }

  /**
   * Returns what the owner of records should know of their ids; empty if they are all different.
   */
  static String repetition(RecordIds ids) {
    if (ids.repeated() == 0) {
      return "";
    }
    return "%,d records repeat the recordId of an earlier one, and the id alone does not tell their results apart.%s"
        .formatted(
            ids.repeated(),
            ids.isCapped()
                ? " Only the first %,d different ids were compared: there may be more."
                    .formatted(RecordIds.MOST_KEPT)
                : "");
  }
}
