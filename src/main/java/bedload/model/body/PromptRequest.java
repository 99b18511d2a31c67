package bedload.model.body;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body of completions in the making, for the families whose prompt comes with its template filled
 * in: a chat would wrap it into a second one. Not thread-safe.
 */
final class PromptRequest {
  private final ObjectNode body = Json.object();

  PromptRequest(String served, String prompt) {
    body.put("model", served).put("prompt", prompt);
  }

  /** Sets a field, if it has a value. */
  PromptRequest set(String name, @Nullable JsonNode value) {
    if (value != null) {
      body.set(name, value);
    }
    return this;
  }

  /** Sets a field to a value, or to the one that the family has when none is given. */
  PromptRequest set(String name, @Nullable JsonNode value, String absent) {
    return set(name, value == null ? Json.number(absent) : value);
  }

  /** Returns the finished call. */
  ServerCall call() {
    return new ServerCall(ServerCall.COMPLETIONS, Json.write(body));
  }
}
