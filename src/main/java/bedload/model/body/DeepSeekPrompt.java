package bedload.model.body;

import tools.jackson.databind.JsonNode;

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
    return PromptAnswer.in("choices", answer);
  }
}
