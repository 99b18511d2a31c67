package bedload.model.body;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of Cohere's Command R: a message and what was said before it. */
final class CohereCommandR implements BodyFamily {
  private static final String USER = "USER";
  private static final String CHATBOT = "CHATBOT";

  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    ChatRequest request = new ChatRequest(served.name());
    String preamble = fields.text("preamble");
    if (preamble != null) {
      request.message("system", List.of(ChatRequest.text(preamble)));
    }
    fields.list("chat_history").forEach(turn -> past(turn.fields(), request));
    request.message("user", List.of(ChatRequest.text(fields.requireText("message"))));
    CohereTools.translate(fields, request);
    request
        .set("max_tokens", fields.count("max_tokens"))
        .set("temperature", orElse(fields.number("temperature"), "0.3"))
        .set("top_p", orElse(fields.number("p"), "0.75"))
        .set("top_k", fields.topK("k"))
        .set("frequency_penalty", fields.number("frequency_penalty"))
        .set("presence_penalty", fields.number("presence_penalty"))
        .set("seed", fields.number("seed"))
        .set("stop", fields.texts("stop_sequences"));
    refusals(fields);
    fields.done();
    return request.call();
  }

  private static JsonNode orElse(@Nullable JsonNode given, String absent) {
    return given == null ? Json.number(absent) : given;
  }

  private static void past(Fields turn, ChatRequest request) {
    String role = turn.requireText("role");
    List<JsonNode> said = List.of(ChatRequest.text(turn.requireText("message")));
    switch (role) {
      case USER -> request.message("user", said);
      case CHATBOT -> request.message("assistant", said);
      case "SYSTEM" -> request.message("system", said);
      default ->
          throw new UnfitBody(
              "%s has to be USER, CHATBOT or SYSTEM, this is %s".formatted(turn.at("role"), role));
    }
    turn.done();
  }

  /** Refuses what only Cohere's own models do; what asks for nothing is let pass. */
  private static void refusals(Fields fields) {
    if (!fields.list("documents").isEmpty()) {
      throw new UnfitBody(
          "documents cannot be cited by an OpenAI-compatible server: put them into the message");
    }
    for (String name :
        List.of("search_queries_only", "return_prompt", "raw_prompting", "force_single_step")) {
      if (fields.flag(name, false)) {
        throw new UnfitBody(name + " is true, which has no counterpart");
      }
    }
    String truncation = fields.text("prompt_truncation");
    if (truncation != null && !truncation.equals("OFF")) {
      fields.refuseUnless(
          Droppable.TRUNCATE,
          "prompt_truncation",
          "cannot be asked of an OpenAI-compatible server");
    }
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    ServerAnswer read = ServerAnswer.ofChat(answer);
    ObjectNode output =
        Json.object()
            .put("response_id", read.id())
            .put("generation_id", read.id())
            .put("text", read.text())
            .put("finish_reason", finishReason(read.finish()));
    ArrayNode history = output.putArray("chat_history");
    history.addAll(Json.array().addAll(modelInput.path("chat_history").valueStream().toList()));
    history.addObject().put("role", USER).set("message", modelInput.path("message"));
    ObjectNode said = history.addObject().put("role", CHATBOT).put("message", read.text());
    if (!read.toolCalls().isEmpty()) {
      ArrayNode calls = Json.array();
      read.toolCalls()
          .forEach(
              call -> calls.addObject().put("name", call.name()).set("parameters", call.input()));
      output.set("tool_calls", calls);
      said.set("tool_calls", calls);
    }
    Long input = read.usage().input();
    Long written = read.usage().output();
    if (input != null && written != null) {
      output
          .putObject("meta")
          .putObject("billed_units")
          .put("input_tokens", input)
          .put("output_tokens", written);
    }
    return new ModelOutput(Json.write(output), read.usage());
  }

  /** Returns Cohere's word for an end; it has none for a stop sequence or a tool. */
  static String finishReason(Finish finish) {
    return switch (finish) {
      case END, STOP_SEQUENCE, TOOL_USE -> "COMPLETE";
      case LENGTH -> "MAX_TOKENS";
      case FILTERED -> "ERROR_TOXIC";
    };
  }
}
