package bedload.model.body;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** DeepSeek R1's body: a prompt with its template filled in. */
final class DeepSeekPrompt implements BodyFamily {
  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    PromptRequest request =
        new PromptRequest(served.name(), fields.requireText("prompt"))
            .set("max_tokens", fields.count("max_tokens"))
            .set("temperature", fields.number("temperature"))
            .set("top_p", fields.number("top_p"))
            .set("stop", fields.texts("stop"));
    fields.done();
    return request.call();
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    ServerAnswer read = ServerAnswer.ofCompletion(answer);
    ObjectNode output = Json.object();
    output
        .putArray("choices")
        .addObject()
        .put("text", read.text())
        .put("stop_reason", read.finish() == Finish.LENGTH ? "length" : "stop");
    return new ModelOutput(Json.write(output), read.usage());
  }
}
