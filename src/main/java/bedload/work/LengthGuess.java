package bedload.work;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How long a call is likely to take beside others of its job: by the most tokens that its answer
 * may have, and among equals by the size of its body. Both by powers of two only, so that records
 * of about one kind count as alike.
 */
final class LengthGuess {
  /** What the families of bodies call the most tokens of an answer. */
  private static final Set<String> MOST_TOKENS =
      Set.of(
          "max_tokens",
          "max_completion_tokens",
          "max_output_tokens",
          "max_new_tokens",
          "max_gen_len",
          "maxTokens",
          "maxTokenCount");

  /** Where no most is named the answer may be longer than any. */
  private static final int UNBOUNDED = Integer.SIZE;

  /** Those members stand at the top of a body or one below; prompts are deeper, or strings. */
  private static final int DEEPEST = 2;

  private static final JsonFactory JSON = new JsonFactory();

  private LengthGuess() {}

  /** Returns a number that is greater for a record that seems to take longer. */
  static int of(byte[] modelInput) {
    return mostTokens(modelInput) * Integer.SIZE + magnitude(modelInput.length);
  }

  private static int magnitude(long count) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.clamp(count, 0, Integer.MAX_VALUE));
  }

  private static int mostTokens(byte[] modelInput) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), modelInput)) {
      int depth = 0;
      JsonToken token;
      while ((token = parser.nextToken()) != null) {
        if (token == JsonToken.START_ARRAY
            || (token == JsonToken.START_OBJECT && depth == DEEPEST)) {
          parser.skipChildren();
        } else if (token == JsonToken.START_OBJECT) {
          depth++;
        } else if (token == JsonToken.END_OBJECT) {
          depth--;
        } else if (token == JsonToken.VALUE_NUMBER_INT
            && MOST_TOKENS.contains(parser.currentName())) {
          return magnitude(parser.getValueAsLong());
        }
      }
    } catch (JacksonException e) {
      // Whether a body is fit is judged elsewhere; here it is one like many.
    }
    return UNBOUNDED;
  }
}
