package bedload.job;

/** What became of one record; its output line is made of it. */
public sealed interface RecordOutcome {
  /**
   * The model answered.
   *
   * @param modelOutput the JSON object that goes to the output line as it is
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // bytes of an answer travel uncopied; nobody compares outcomes
  record Success(byte[] modelOutput, TokenUsage usage) implements RecordOutcome {}

  /**
   * The record failed for good; the job goes on.
   *
   * @param errorCode Bedrock's number: 400, 424, 429, 500 or 503
   * @param calls how many calls were made for it, from 1
   */
  record Failure(int errorCode, String message, int calls) implements RecordOutcome {
    /** Makes the failure of a record whose first call decided it. */
    public Failure(int errorCode, String message) {
      this(errorCode, message, 1);
    }
  }
}
