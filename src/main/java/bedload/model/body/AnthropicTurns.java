package bedload.model.body;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The messages of an Anthropic body. */
final class AnthropicTurns {
  private AnthropicTurns() {}

  /** Adds all messages to a request. */
  static void translate(List<Fields.Element> messages, ChatRequest request) {
    if (messages.isEmpty()) {
      throw new UnfitBody("messages: at least one message is required");
    }
    String lastRole = "";
    for (Fields.Element element : messages) {
      Fields message = element.fields();
      lastRole = message.requireText("role");
      JsonNode content = message.require("content");
      switch (lastRole) {
        case "user" -> user(message, content, request);
        case "assistant" -> assistant(message, content, request);
        default ->
            throw new UnfitBody(
                "%s has to be user or assistant, this is %s"
                    .formatted(message.at("role"), lastRole));
      }
      message.done();
    }
    if (lastRole.equals("assistant")) {
      throw new UnfitBody(
          "messages ends with an assistant's turn, which OpenAI-compatible servers do not continue");
    }
  }

  private static void user(Fields message, JsonNode content, ChatRequest request) {
    if (content.isString()) {
      request.message("user", List.of(ChatRequest.text(content.stringValue())));
      return;
    }
    List<JsonNode> parts = new ArrayList<>();
    for (Fields.Element element : message.each("content", content)) {
      Fields block = element.fields();
      String type = block.requireText("type");
      cacheMark(block);
      switch (type) {
        case "text" -> parts.add(text(block));
        case "image" -> parts.add(image(block));
        case "document" -> parts.addAll(AnthropicDocument.parts(block));
        case "tool_result" -> {
          // A tool's result is a message of its own there; what came before it stays before it.
          request.message("user", parts);
          parts = new ArrayList<>();
          toolResult(block, request);
        }
        default -> throw untranslated(element.path(), type);
      }
      block.done();
    }
    request.message("user", parts);
  }

  private static void assistant(Fields message, JsonNode content, ChatRequest request) {
    if (content.isString()) {
      request.message("assistant", List.of(ChatRequest.text(content.stringValue())));
      return;
    }
    StringBuilder thinking = new StringBuilder();
    List<JsonNode> parts = new ArrayList<>();
    List<JsonNode> calls = new ArrayList<>();
    for (Fields.Element element : message.each("content", content)) {
      Fields block = element.fields();
      String type = block.requireText("type");
      cacheMark(block);
      switch (type) {
        case "text" -> {
          if (!calls.isEmpty()) {
            throw new UnfitBody(
                element.path() + " is text after a tool_use, which has no counterpart");
          }
          parts.add(text(block));
        }
        case "thinking", "redacted_thinking" -> {
          if (!earlierThinking(element.path(), block, type, thinking)) {
            continue;
          }
        }
        case "tool_use" ->
            calls.add(
                ChatRequest.toolCall(
                    block.requireText("id"), block.requireText("name"), block.require("input")));
        default -> throw untranslated(element.path(), type);
      }
      block.done();
    }
    request.assistant(thinking.toString(), parts, calls);
  }

  /** Keeps what was thought, if the server takes it back; false if it is dropped. */
  private static boolean earlierThinking(
      String path, Fields block, String type, StringBuilder thinking) {
    if (type.equals("thinking") && block.server().takesEarlierThinking()) {
      thinking.append(block.requireText("thinking"));
      // Only the model that wrote it could check it.
      block.take("signature");
      return true;
    }
    if (!block.mayDrop(Droppable.THINKING)) {
      throw Fields.undroppable(
          Droppable.THINKING,
          "%s is of type %s, which has no counterpart on this server".formatted(path, type));
    }
    return false;
  }

  /** Returns the refusal of something that other models of the family may take. */
  static UnfitBody untranslated(String path, String type) {
    return new UnfitBody(
        "%s is of type %s, which bedload does not yet translate".formatted(path, type));
  }

  /** Returns a block that is text; citations in it are marks of an earlier answer. */
  private static JsonNode text(Fields block) {
    block.refuse("citations", "has no counterpart on an OpenAI-compatible server");
    return ChatRequest.text(block.requireText("text"));
  }

  /** Refuses the mark that something is to be cached, unless it may be dropped. */
  static void cacheMark(Fields block) {
    block.refuseUnless(
        Droppable.CACHE_CONTROL,
        "cache_control",
        "has no counterpart on an OpenAI-compatible server, which caches as it likes");
  }

  static JsonNode image(Fields block) {
    Fields source = block.requireObject("source");
    String type = source.requireText("type");
    JsonNode image =
        switch (type) {
          case "base64" ->
              ChatRequest.image(source.requireText("media_type"), source.requireText("data"));
          case "url" -> ChatRequest.image(source.requireText("url"));
          default -> throw untranslated(block.at("source"), type);
        };
    source.done();
    return image;
  }

  private static void toolResult(Fields block, ChatRequest request) {
    if (block.flag("is_error", false) && !block.mayDrop(Droppable.TOOL_ERROR)) {
      throw Fields.undroppable(
          Droppable.TOOL_ERROR,
          block.at("is_error") + " is true, which has no counterpart: say so in the content");
    }
    JsonNode content = block.take("content");
    List<JsonNode> parts = content == null ? List.of() : texts(block, "content", content);
    request.toolResult(block.requireText("tool_use_id"), parts);
  }

  /** Returns the parts of a text, or of an array of blocks that are all text. */
  static List<JsonNode> texts(Fields owner, String name, JsonNode content) {
    if (content.isString()) {
      return List.of(ChatRequest.text(content.stringValue()));
    }
    List<JsonNode> parts = new ArrayList<>();
    for (Fields.Element element : owner.each(name, content)) {
      Fields block = element.fields();
      String type = block.requireText("type");
      if (!type.equals("text")) {
        throw untranslated(element.path(), type);
      }
      cacheMark(block);
      parts.add(text(block));
      block.done();
    }
    return parts;
  }
}
