package bedload.model.body;

import bedload.job.TokenUsage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's Messages body, spoken by the models of the prefix {@code anthropic.}. */
final class AnthropicMessages implements BodyFamily {
  private static final String VERSION = "bedrock-2023-05-31";

  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    String version = fields.requireText("anthropic_version");
    if (!version.equals(VERSION)) {
      throw new UnfitBody("anthropic_version has to be %s, this is %s".formatted(VERSION, version));
    }
    ChatRequest request = new ChatRequest(served.name());
    request
        .set("max_tokens", fields.requireCount("max_tokens"))
        .set("temperature", fields.number("temperature"))
        .set("top_p", fields.number("top_p"))
        // No part of OpenAI's own body, but of vLLM's, SGLang's and llama.cpp's; others say so.
        .set("top_k", fields.topK("top_k"))
        .set("stop", fields.texts("stop_sequences"));
    fields.inside("metadata", metadata -> request.set("user", metadata.take("user_id")));
    JsonNode system = fields.take("system");
    if (system != null) {
      request.message("system", AnthropicTurns.texts(fields, "system", system));
    }
    AnthropicTurns.translate(fields.requireList("messages"), request);
    AnthropicTools.translate(fields, request);
    fields.inside("output_config", config -> AnthropicTools.outputFormat(config, request));
    thinking(fields, request);
    AnthropicTurns.cacheMark(fields);
    if (!fields.list("anthropic_beta").isEmpty()) {
      fields.refuseUnless(
          Droppable.ANTHROPIC_BETA,
          "anthropic_beta",
          "has no counterpart on an OpenAI-compatible server");
    }
    fields.done();
    return request.call();
  }

  private static void thinking(Fields fields, ChatRequest request) {
    boolean canBeAsked = fields.server().thinking() != ServerKind.Thinking.NONE;
    if (!canBeAsked && fields.mayDrop(Droppable.THINKING)) {
      fields.take("thinking");
      return;
    }
    fields.inside(
        "thinking",
        thinking -> {
          String type = thinking.requireText("type");
          boolean isWanted = !type.equals("disabled");
          if (canBeAsked) {
            // A server bounds thinking and answer together, by max_tokens.
            thinking.count("budget_tokens");
            request.thinking(isWanted, fields.server());
          } else if (isWanted) {
            throw Fields.undroppable(
                Droppable.THINKING,
                "thinking is of type %s, which has no counterpart on an OpenAI-compatible server"
                    .formatted(type));
          }
        });
  }

  /** Says whether the record asked to see what the model thinks. */
  private static boolean asksForThinking(JsonNode modelInput) {
    JsonNode type = modelInput.path("thinking").path("type");
    return type.isString() && !type.stringValue().equals("disabled");
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    ServerAnswer read = ServerAnswer.ofChat(answer);
    ObjectNode output =
        Json.object()
            .put("id", read.id())
            .put("type", "message")
            .put("role", "assistant")
            .put("model", read.model());
    ArrayNode content = output.putArray("content");
    if (!read.reasoning().isEmpty() && asksForThinking(modelInput)) {
      // Nobody has signed it, and clients expect the member.
      content
          .addObject()
          .put("type", "thinking")
          .put("thinking", read.reasoning())
          .put("signature", "");
    }
    if (!read.text().isEmpty()) {
      content.addObject().put("type", "text").put("text", read.text());
    }
    for (ServerAnswer.ToolCall call : read.toolCalls()) {
      content
          .addObject()
          .put("type", "tool_use")
          .put("id", call.id())
          .put("name", call.name())
          .set("input", call.input());
    }
    output.put("stop_reason", stopReason(read.finish()));
    output.put("stop_sequence", read.finish() == Finish.STOP_SEQUENCE ? read.stopSequence() : null);
    usage(output, read.usage());
    return new ModelOutput(Json.write(output), read.usage());
  }

  private static String stopReason(Finish finish) {
    return switch (finish) {
      case END -> "end_turn";
      case STOP_SEQUENCE -> "stop_sequence";
      case LENGTH -> "max_tokens";
      case TOOL_USE -> "tool_use";
      case FILTERED -> "refusal";
    };
  }

  private static void usage(ObjectNode output, TokenUsage usage) {
    if (usage.input() == null && usage.output() == null) {
      return;
    }
    ObjectNode counts = output.putObject("usage");
    counts.put("input_tokens", usage.input()).put("output_tokens", usage.output());
    if (usage.cacheRead() != null) {
      counts.put("cache_read_input_tokens", usage.cacheRead());
    }
  }
}
