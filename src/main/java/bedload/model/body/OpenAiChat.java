package bedload.model.body;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The chat completions body of OpenAI, which gpt-oss, DeepSeek, Qwen, Mistral's chat models and
 * others take on Bedrock, too: goes through as it is, under the server's name for the model.
 */
final class OpenAiChat implements BodyFamily {
  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    fields.refuse("model", "is not permitted here: the job names the model");
    if (fields.flag("stream", false)) {
      throw new UnfitBody("stream has to be false: a batch has nobody to stream to");
    }
    fields.requireList("messages");
    ObjectNode body = Json.object().put("model", served.name());
    modelInput.properties().forEach(field -> body.set(field.getKey(), field.getValue()));
    return new ServerCall(ServerCall.CHAT, Json.write(body));
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    JsonNode output = Json.answer(answer);
    if (!output.path("choices").path(0).isObject()) {
      throw new UnusableAnswer("The answer has no choices[0]");
    }
    // Written anew, since servers may answer on several lines and a record's output has one.
    return new ModelOutput(Json.write(output), ServerUsage.of(output));
  }
}
