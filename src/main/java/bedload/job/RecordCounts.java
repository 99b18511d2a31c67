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

  /** Returns how many were attempted to their end. */
  public long processed() {
    return success + error;
  }
}
