package bedload.model;

import bedload.job.TokenUsage;
import java.time.Duration;

/** What a model's reply to one call means for the record; the case decides whether to ask again. */
public sealed interface ModelReply {
  /**
   * Done.
   *
   * @param modelOutput a JSON object on one line
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // bytes of an answer travel uncopied; nobody compares replies
  record Answer(byte[] modelOutput, TokenUsage usage) implements ModelReply {}

  /**
   * The model will say the same however often it is asked: the record fails with this.
   *
   * @param errorCode 400 where the record is to blame, 424 where the model or its configuration is
   */
  record Refusal(int errorCode, String message) implements ModelReply {}

  /**
   * Ask again, not before {@code after}, and with fewer calls in flight.
   *
   * @param errorCode 429 or 503; what the record fails with if patience ends
   * @param after zero if the server named no time
   */
  record Overload(int errorCode, Duration after, String message) implements ModelReply {}

  /**
   * Nothing usable came back in time; ask again, here or elsewhere.
   *
   * @param errorCode 424, 500 or 503; what the record fails with if it stays so
   */
  record Silence(int errorCode, String message) implements ModelReply {}
}
