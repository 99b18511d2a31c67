package bedload.job;

/**
 * A run of whole lines of one input object: the unit that one worker takes, holds and ends.
 *
 * @param number the shard's number in its job, from 0, in input order
 * @param input the number of its input object in the job
 * @param firstByte where its first line begins
 * @param endByte where its last line ends, newline included: the first byte that is not its own
 * @param firstOrdinal the ordinal of its first record in the input object
 * @param records how many records it holds
 */
public record Shard(
    JobId job,
    int number,
    int input,
    long firstByte,
    long endByte,
    long firstOrdinal,
    int records) {

  public Shard {
    if (firstByte < 0 || endByte <= firstByte || records < 1 || firstOrdinal < 0) {
      throw new IllegalArgumentException(
          "Shard %d of job %s cannot hold %d records in bytes %d to %d"
              .formatted(number, job, records, firstByte, endByte));
    }
  }
}
