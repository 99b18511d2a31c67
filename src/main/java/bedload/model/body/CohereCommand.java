package bedload.model.body;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of Cohere's first Command models. Its prompt is an instruction in plain words, which the
 * model put into its template by itself: so it is a chat of one message, and no completion.
 */
final class CohereCommand implements BodyFamily {
  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    ChatRequest request = new ChatRequest(served.name());
    request.message("user", List.of(ChatRequest.text(fields.requireText("prompt"))));
    request
        .set("max_tokens", orElse(fields.count("max_tokens"), "20"))
        .set("temperature", orElse(fields.number("temperature"), "0.9"))
        .set("top_p", orElse(fields.number("p"), "0.75"))
        .set("top_k", fields.topK("k"))
        .set("stop", fields.texts("stop_sequences"));
    refuseUnlessPlain(fields, "return_likelihoods", "NONE");
    String truncate = fields.text("truncate");
    if (truncate != null && !truncate.equals("NONE")) {
      fields.refuseUnless(
          Droppable.TRUNCATE, "truncate", "cannot be asked of an OpenAI-compatible server");
    }
    JsonNode generations = fields.count("num_generations");
    if (generations != null && generations.longValue() != 1) {
      throw new UnfitBody("num_generations has to be 1, this is " + generations);
    }
    if (fields.flag("stream", false)) {
      throw new UnfitBody("stream has to be false: a batch has nobody to stream to");
    }
    fields.refuse("logit_bias", "names tokens of a model that does not answer here");
    fields.done();
    return request.call();
  }

  private static JsonNode orElse(@Nullable JsonNode given, String absent) {
    return given == null ? Json.number(absent) : given;
  }

  private static void refuseUnlessPlain(Fields fields, String name, String plain) {
    String given = fields.text(name);
    if (given != null && !given.equals(plain)) {
      throw new UnfitBody("%s has to be %s here, this is %s".formatted(name, plain, given));
    }
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    ServerAnswer read = ServerAnswer.ofChat(answer);
    ObjectNode output = Json.object().put("id", read.id());
    output.set("prompt", modelInput.path("prompt"));
    output
        .putArray("generations")
        .addObject()
        .put("id", read.id())
        .put("text", read.text())
        .put("finish_reason", CohereCommandR.finishReason(read.finish()));
    return new ModelOutput(Json.write(output), read.usage());
  }
}
