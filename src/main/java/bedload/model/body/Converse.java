package bedload.model.body;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bedrock's Converse body, and Nova's, which is nearly the same. */
final class Converse implements BodyFamily {
  /** Which of the two. */
  enum Dialect {
    CONVERSE,
    NOVA
  }

  private final Dialect dialect;

  Converse(Dialect dialect) {
    this.dialect = dialect;
  }

  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    Fields fields = Fields.of(modelInput, served);
    ChatRequest request = new ChatRequest(served.name());
    List<JsonNode> system = new ArrayList<>();
    for (Fields.Element element : fields.list("system")) {
      Fields block = element.fields();
      boolean isMark = ConverseTurns.cacheMark(block);
      String text = isMark ? block.text("text") : block.requireText("text");
      if (text != null) {
        system.add(ChatRequest.text(text));
      }
      block.done();
    }
    request.message("system", system);
    ConverseTurns.translate(fields.requireList("messages"), request);
    fields.inside("inferenceConfig", config -> inference(config, request));
    fields.inside("toolConfig", config -> ConverseTools.translate(config, request));
    switch (dialect) {
      case NOVA -> fields.text("schemaVersion");
      case CONVERSE -> {
        // It only goes back to the caller in AWS's logs, and changes no answer.
        fields.take("requestMetadata");
        fields.inside("outputConfig", config -> ConverseTools.outputFormat(config, request));
        additional(fields, request);
        fields.refuseUnless(
            Droppable.GUARDRAIL,
            "guardrailConfig",
            "cannot be honoured: a model server has no guardrails");
        for (String name : List.of("performanceConfig", "serviceTier")) {
          fields.refuseUnless(
              Droppable.SERVICE_TIER, name, "cannot be honoured: a model server has one speed");
        }
      }
    }
    fields.done();
    return request.call();
  }

  /** Translates the one field that many models take and Converse has no place for. */
  private static void additional(Fields fields, ChatRequest request) {
    fields.inside(
        "additionalModelRequestFields",
        more -> {
          request.set("top_k", more.topK("top_k"));
          if (more.mayDrop(Droppable.ADDITIONAL_FIELDS)) {
            more.readAll();
          } else if (!more.rest().isEmpty()) {
            throw Fields.undroppable(
                Droppable.ADDITIONAL_FIELDS,
                more.rest() + " has no counterpart on this model server");
          }
        });
    fields.refuseUnless(
        Droppable.ADDITIONAL_FIELDS,
        "additionalModelResponseFieldPaths",
        "has no counterpart on this model server");
  }

  private void inference(Fields config, ChatRequest request) {
    JsonNode maxTokens = config.count("maxTokens");
    if (maxTokens == null && dialect == Dialect.NOVA) {
      maxTokens = config.count("max_new_tokens");
    }
    request
        .set("max_tokens", maxTokens)
        .set("temperature", config.number("temperature"))
        .set("top_p", config.number("topP"))
        .set("stop", config.texts("stopSequences"));
    if (dialect == Dialect.NOVA) {
      request.set("top_k", config.topK("topK"));
    }
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    ServerAnswer read = ServerAnswer.ofChat(answer);
    ObjectNode output = Json.object();
    ObjectNode message = output.putObject("output").putObject("message").put("role", "assistant");
    ArrayNode content = message.putArray("content");
    if (dialect == Dialect.CONVERSE && !read.reasoning().isEmpty()) {
      content
          .addObject()
          .putObject("reasoningContent")
          .putObject("reasoningText")
          .put("text", read.reasoning());
    }
    if (!read.text().isEmpty() || read.toolCalls().isEmpty()) {
      content.addObject().put("text", read.text());
    }
    for (ServerAnswer.ToolCall call : read.toolCalls()) {
      content
          .addObject()
          .putObject("toolUse")
          .put("toolUseId", call.id())
          .put("name", call.name())
          .set("input", call.input());
    }
    output.put("stopReason", stopReason(read.finish()));
    Long input = read.usage().input();
    Long written = read.usage().output();
    if (input != null && written != null) {
      Long cached = read.usage().cacheRead();
      ObjectNode usage = output.putObject("usage");
      usage.put("inputTokens", input).put("outputTokens", written);
      usage.put("totalTokens", input + written + (cached == null ? 0 : cached));
      if (cached != null) {
        usage.put(
            switch (dialect) {
              case CONVERSE -> "cacheReadInputTokens";
              case NOVA -> "cacheReadInputTokenCount";
            },
            cached);
      }
    }
    return new ModelOutput(Json.write(output), read.usage());
  }

  @Override
  public ModelOutput timed(ModelOutput output, Duration took) {
    return switch (dialect) {
      case NOVA -> output;
      case CONVERSE -> {
        byte[] metrics =
            ",\"metrics\":{\"latencyMs\":%d}}"
                .formatted(took.toMillis())
                .getBytes(StandardCharsets.US_ASCII);
        byte[] json = output.json();
        // In place of the brace that ends the object.
        byte[] whole = Arrays.copyOf(json, json.length - 1 + metrics.length);
        System.arraycopy(metrics, 0, whole, json.length - 1, metrics.length);
        yield new ModelOutput(whole, output.usage());
      }
    };
  }

  private static String stopReason(Finish finish) {
    return switch (finish) {
      case END -> "end_turn";
      case STOP_SEQUENCE -> "stop_sequence";
      case LENGTH -> "max_tokens";
      case TOOL_USE -> "tool_use";
      case FILTERED -> "content_filtered";
    };
  }
}
