package bedload.job;

/**
 * An object that a job reads.
 *
 * @param number its place among the job's inputs, which are sorted by key
 * @param relativeName its key below the job's input prefix; its output is named after it
 * @param etag the version that was validated
 * @param records how many it holds
 */
public record InputObject(
    int number, S3Uri uri, String relativeName, long sizeBytes, String etag, long records) {}
