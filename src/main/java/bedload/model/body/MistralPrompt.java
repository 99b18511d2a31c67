package bedload.model.body;

import tools.jackson.databind.JsonNode;

/** The body of Mistral's first models: a prompt with its template filled in. */
final class MistralPrompt implements BodyFamily {
  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    PromptRequest request =
        new PromptRequest(served.name(), fields.requireText("prompt"))
            .set("max_tokens", fields.count("max_tokens"), "512")
            .set("temperature", fields.number("temperature"), "0.5")
            .set("top_p", fields.number("top_p"), "0.9")
            // Servers' own extension; those without it say so.
            .set("top_k", fields.topK("top_k"))
            .set("stop", fields.texts("stop"));
    fields.done();
    return request.call();
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    return PromptAnswer.in("outputs", answer);
  }
}
