package bedload.model.body;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A body of chat/completions in the making. Not thread-safe. */
final class ChatRequest {
  private final ObjectNode body = Json.object();
  private final ArrayNode messages = Json.array();
  private final ArrayNode tools = Json.array();

  ChatRequest(String served) {
    body.put("model", served);
    body.set("messages", messages);
  }

  /** Returns a part of a message that is text. */
  static JsonNode text(String text) {
    return Json.object().put("type", "text").put("text", text);
  }

  /** Returns a part of a message that is an image behind a URL, which may be a data URL. */
  static JsonNode image(String url) {
    ObjectNode part = Json.object().put("type", "image_url");
    part.putObject("image_url").put("url", url);
    return part;
  }

  /** Returns a part of a message that is an image. */
  static JsonNode image(String mediaType, String base64) {
    return image("data:%s;base64,%s".formatted(mediaType, base64));
  }

  /** Returns a tool call as an assistant's message holds it. */
  static JsonNode toolCall(String id, String name, JsonNode input) {
    ObjectNode call = Json.object().put("id", id).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", input.toString());
    return call;
  }

  /** Sets a field, if it has a value. */
  ChatRequest set(String name, @Nullable JsonNode value) {
    if (value != null) {
      body.set(name, value);
    }
    return this;
  }

  /** Adds a message; one without parts adds nothing. */
  void message(String role, List<JsonNode> parts) {
    if (!parts.isEmpty()) {
      messages.addObject().put("role", role).set("content", content(parts));
    }
  }

  /**
   * Adds an assistant's message with the tools it called.
   *
   * @param thinking what it thought before, for servers that take it back; empty for nothing
   */
  void assistant(String thinking, List<JsonNode> parts, List<JsonNode> toolCalls) {
    if (toolCalls.isEmpty() && parts.isEmpty() && thinking.isEmpty()) {
      return;
    }
    ObjectNode message = messages.addObject().put("role", "assistant");
    if (!thinking.isEmpty()) {
      message.put("reasoning_content", thinking);
    }
    message.set("content", parts.isEmpty() ? Json.object().nullNode() : content(parts));
    if (!toolCalls.isEmpty()) {
      message.putArray("tool_calls").addAll(toolCalls);
    }
  }

  /**
   * Asks for thinking before the answer, or for none.
   *
   * @param kind a server that can be asked
   */
  void thinking(boolean isWanted, ServerKind kind) {
    switch (kind.thinking()) {
      case BY_TEMPLATE -> body.putObject("chat_template_kwargs").put("enable_thinking", isWanted);
      case BY_EFFORT -> body.put("reasoning_effort", isWanted ? "medium" : "none");
      case NONE -> throw new IllegalStateException(kind + " cannot be asked to think");
    }
  }

  /** Adds what a tool gave. */
  void toolResult(String callId, List<JsonNode> parts) {
    messages
        .addObject()
        .put("role", "tool")
        .put("tool_call_id", callId)
        .set("content", parts.isEmpty() ? Json.text("") : content(parts));
  }

  /**
   * Offers a tool.
   *
   * @param strict whether the parameters have to be followed to the letter; null if nobody said
   */
  void tool(
      String name, @Nullable String description, JsonNode parameters, @Nullable Boolean strict) {
    ObjectNode tool = tools.addObject().put("type", "function");
    ObjectNode function = tool.putObject("function").put("name", name);
    if (description != null) {
      function.put("description", description);
    }
    function.set("parameters", parameters);
    if (strict != null) {
      function.put("strict", strict);
    }
  }

  /** Demands an answer that follows a JSON schema. */
  void answerSchema(String name, @Nullable String description, JsonNode schema) {
    ObjectNode format = body.putObject("response_format").put("type", "json_schema");
    ObjectNode wanted = format.putObject("json_schema").put("name", name);
    if (description != null) {
      wanted.put("description", description);
    }
    wanted.put("strict", true).set("schema", schema);
  }

  /** Returns a tool_choice that demands one tool. */
  static JsonNode onlyTool(String name) {
    ObjectNode choice = Json.object().put("type", "function");
    choice.putObject("function").put("name", name);
    return choice;
  }

  /** Returns the finished call. */
  ServerCall call() {
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
    return new ServerCall(ServerCall.CHAT, Json.write(body));
  }

  /** Returns one text as it is, which every chat template takes, and anything else as parts. */
  private static JsonNode content(List<JsonNode> parts) {
    JsonNode first = parts.getFirst();
    return parts.size() == 1 && first.has("text") ? first.get("text") : Json.array().addAll(parts);
  }
}
