package bedload.job;

/**
 * How many records a job has, and what became of them.
 *
 * @param total zero until validation has counted
 * @param success answered by the model
 * @param error attempted, and failed for good
 */
public record RecordCounts(long total, long success, long error) {
  /** Nothing counted, nothing done. */
  public static final RecordCounts NONE = new RecordCounts(0, 0, 0);

  public RecordCounts {
    if (success < 0 || error < 0 || success + error > total) {
      throw new IllegalArgumentException(
          "success %d + error %d do not fit into total %d".formatted(success, error, total));
    }
  }

  /** Says whether validation has counted; a job that was has a record at least. */
  public boolean areKnown() {
    return total > 0;
  }

  /** Returns what is said of a job's records where they are not known. */
  public static String unknown(JobStatus status) {
    return status.isFinal() ? "not counted" : "not counted yet";
  }

  /** Returns how many were attempted to their end. */
  public long processed() {
    return success + error;
  }
}
