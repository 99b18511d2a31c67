package bedload.model.body;

import bedload.job.TokenUsage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An answer that has its family's form already, because a model on Bedrock gave it. It goes on as
 * it is; only its tokens are looked for, where the call's own headers do not count them.
 */
public final class NativeAnswer {
  private NativeAnswer() {}

  /**
   * Returns the answer on one line.
   *
   * @param counted what is known of its tokens otherwise; goes before what the answer says
   * @throws UnusableAnswer if it is not a JSON object
   */
  public static ModelOutput read(byte[] answer, TokenUsage counted) {
    JsonNode read = Json.answer(answer);
    TokenUsage said = usage(read);
    TokenUsage usage =
        new TokenUsage(
            first(counted.input(), said.input()),
            first(counted.output(), said.output()),
            first(counted.cacheRead(), said.cacheRead()),
            first(counted.cacheWrite(), said.cacheWrite()));
    return new ModelOutput(isOneLine(answer) ? answer : Json.write(read), usage);
  }

  private static boolean isOneLine(byte[] json) {
    for (byte each : json) {
      if (each == '\n' || each == '\r') {
        return false;
      }
    }
    return true;
  }

  /** Returns what the families' forms say, each under its own names. */
  private static TokenUsage usage(JsonNode answer) {
    JsonNode usage = answer.path("usage");
    if (usage.has("prompt_tokens")) {
      return ServerUsage.of(answer);
    }
    JsonNode billed = answer.path("meta").path("billed_units");
    boolean isEmbedding = answer.has("embedding") || answer.has("embeddings");
    return new TokenUsage(
        count(
            usage.path("inputTokens"),
            usage.path("input_tokens"),
            billed.path("input_tokens"),
            answer.path("prompt_token_count"),
            answer.path("inputTextTokenCount")),
        isEmbedding
            ? Long.valueOf(0)
            : count(
                usage.path("outputTokens"),
                usage.path("output_tokens"),
                billed.path("output_tokens"),
                answer.path("generation_token_count"),
                answer.path("results").path(0).path("tokenCount")),
        count(
            usage.path("cacheReadInputTokens"),
            usage.path("cacheReadInputTokenCount"),
            usage.path("cache_read_input_tokens")),
        count(
            usage.path("cacheWriteInputTokens"),
            usage.path("cacheWriteInputTokenCount"),
            usage.path("cache_creation_input_tokens")));
  }

  private static @Nullable Long count(JsonNode... places) {
    for (JsonNode place : places) {
      if (place.isIntegralNumber() && place.canConvertToLong() && place.longValue() >= 0) {
        return place.longValue();
      }
    }
    return null;
  }

  private static @Nullable Long first(@Nullable Long counted, @Nullable Long said) {
    return Optional.ofNullable(counted).orElse(said);
  }
}
