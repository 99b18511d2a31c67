package bedload.model.body;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Meta's Llama body: a prompt with its template filled in. */
final class Llama implements BodyFamily {
  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    PromptRequest request =
        new PromptRequest(served.name(), fields.requireText("prompt"))
            .set("max_tokens", fields.count("max_gen_len"), "512")
            .set("temperature", fields.number("temperature"), "0.5")
            .set("top_p", fields.number("top_p"), "0.9");
    fields.refuse("images", "has no counterpart in a completion of a prompt: use Converse");
    fields.done();
    return request.call();
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    ServerAnswer read = ServerAnswer.ofCompletion(answer);
    ObjectNode output =
        Json.object()
            .put("generation", read.text())
            .put("prompt_token_count", read.usage().input())
            .put("generation_token_count", read.usage().output())
            .put("stop_reason", read.finish() == Finish.LENGTH ? "length" : "stop");
    return new ModelOutput(Json.write(output), read.usage());
  }
}
