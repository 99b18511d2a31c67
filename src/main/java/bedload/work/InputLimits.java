package bedload.work;

import bedload.job.Job;

/**
 * How much input a job may bring; AWS calls these quotas. A job outside of them fails while it is
 * validated, as on AWS.
 *
 * @param fewestRecords of a whole job
 * @param recordsPerObject at most
 * @param recordsPerJob at most, over all its objects
 * @param bytesPerObject at most
 * @param bytesPerJob at most, over all its objects
 */
public record InputLimits(
    long fewestRecords,
    long recordsPerObject,
    long recordsPerJob,
    long bytesPerObject,
    long bytesPerJob) {
  /** One record at least; at most what an object of S3 can hold, and a hundred such objects. */
  public static final InputLimits OPEN =
      new InputLimits(1, 1_000_000_000L, 10_000_000_000L, 5L << 40, 500L << 40);

  /** The quotas that AWS publishes. */
  public static final InputLimits AWS = new InputLimits(100, 100_000, 100_000, 1L << 30, 5L << 30);

  public InputLimits {
    if (fewestRecords < 1
        || recordsPerObject < 1
        || recordsPerJob < fewestRecords
        || bytesPerObject < 1
        || bytesPerJob < 1) {
      throw new IllegalArgumentException(
          "a job must be able to hold 1 record at least, with limits of "
              + "%,d to %,d records, %,d records and %,d bytes an object, %,d bytes in all none can"
                  .formatted(
                      fewestRecords, recordsPerJob, recordsPerObject, bytesPerObject, bytesPerJob));
    }
  }

  /** Fails a job with an object of more bytes; to be asked before the object is read. */
  void requireBytes(String object, long objectBytes, long jobBytes) throws JobTrouble {
    if (objectBytes > bytesPerObject) {
      throw new JobTrouble(
          "The input %s holds %,d bytes; an input file holds at most %,d. Split it into several files below one prefix, or create several jobs."
              .formatted(object, objectBytes, bytesPerObject));
    }
    if (jobBytes > bytesPerJob) {
      throw new JobTrouble(
          "The input holds more than %,d bytes in all, which is the most that a job may bring; the object that went beyond is %s. Split the input into several jobs."
              .formatted(bytesPerJob, object));
    }
  }

  /** Fails a job with an object of more records. */
  void requireRecords(String object, long objectRecords, long jobRecords) throws JobTrouble {
    if (objectRecords > recordsPerObject) {
      throw new JobTrouble(
          "The input %s holds %,d records; an input file holds at most %,d. Split it into several files below one prefix, or create several jobs."
              .formatted(object, objectRecords, recordsPerObject));
    }
    if (jobRecords > recordsPerJob) {
      throw new JobTrouble(
          "The input holds more than %,d records in all, which is the most that a job may bring; the object that went beyond is %s. Split the input into several jobs."
              .formatted(recordsPerJob, object));
    }
  }

  /** Fails a job with too few records in all; AWS's own words come first. */
  void requireEnough(Job job, long records) throws JobTrouble {
    if (records == 0) {
      throw new JobTrouble(
          "The input %s holds no record: it is empty, or all its lines are blank. A job needs at least %,d."
              .formatted(job.spec().input().uri(), fewestRecords));
    }
    if (records < fewestRecords) {
      throw new JobTrouble(
          "Batch job %s contains less records (%d) than the required minimum of: %d. Put more records into one job; how many are needed is what this service's setting `limits` says."
              .formatted(job.arn(), records, fewestRecords));
    }
  }
}
