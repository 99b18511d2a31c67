package bedload.model.body;

import bedload.job.TokenUsage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How OpenAI-compatible servers report tokens. */
final class ServerUsage {
  private ServerUsage() {}

  /**
   * Returns what an answer says of its tokens. Tokens read from a cache are counted apart from the
   * other input, as Bedrock does, and not within it, as OpenAI does.
   */
  static TokenUsage of(JsonNode answer) {
    JsonNode usage = answer.path("usage");
    Long prompt = count(usage.path("prompt_tokens"));
    Long output = count(usage.path("completion_tokens"));
    Long cached = count(usage.path("prompt_tokens_details").path("cached_tokens"));
    if (prompt == null || cached == null || cached > prompt) {
      return TokenUsage.of(prompt, output);
    }
    return new TokenUsage(prompt - cached, output, cached, null);
  }

  private static @Nullable Long count(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0
        ? Long.valueOf(value.longValue())
        : null;
  }
}
