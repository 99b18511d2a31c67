package bedload.model.body;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Amazon's Titan Text body. */
final class TitanText implements BodyFamily {
  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    PromptRequest request = new PromptRequest(served.name(), fields.requireText("inputText"));
    Fields config = fields.optional("textGenerationConfig");
    request
        .set("max_tokens", config.count("maxTokenCount"), "512")
        .set("temperature", config.number("temperature"), "0.7")
        .set("top_p", config.number("topP"), "0.9")
        .set("stop", config.texts("stopSequences"));
    config.done();
    fields.done();
    return request.call();
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    ServerAnswer read = ServerAnswer.ofCompletion(answer);
    ObjectNode output = Json.object().put("inputTextTokenCount", read.usage().input());
    output
        .putArray("results")
        .addObject()
        .put("tokenCount", read.usage().output())
        .put("outputText", read.text())
        .put("completionReason", completionReason(read.finish()));
    return new ModelOutput(Json.write(output), read.usage());
  }

  private static String completionReason(Finish finish) {
    return switch (finish) {
      case END, TOOL_USE -> "FINISH";
      case STOP_SEQUENCE -> "STOP_CRITERIA_MET";
      case LENGTH -> "LENGTH";
      case FILTERED -> "CONTENT_FILTERED";
    };
  }
}
