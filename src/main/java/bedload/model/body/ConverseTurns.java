package bedload.model.body;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The messages of a Converse body. */
final class ConverseTurns {
  private static final Set<String> IMAGE_FORMATS = Set.of("png", "jpeg", "gif", "webp");

  private ConverseTurns() {}

  /** Adds all messages to a request. */
  static void translate(List<Fields.Element> messages, ChatRequest request) {
    if (messages.isEmpty()) {
      throw new UnfitBody("messages: at least one message is required");
    }
    String lastRole = "";
    for (Fields.Element element : messages) {
      Fields message = Fields.of(element.path(), element.value());
      lastRole = message.requireText("role");
      List<Fields.Element> content = message.requireList("content");
      switch (lastRole) {
        case "user" -> user(content, request);
        case "assistant" -> assistant(content, request);
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

  private static void user(List<Fields.Element> content, ChatRequest request) {
    List<JsonNode> parts = new ArrayList<>();
    for (Fields.Element element : content) {
      Fields block = Fields.of(element.path(), element.value());
      JsonNode text = block.take("text");
      JsonNode image = block.take("image");
      JsonNode result = block.take("toolResult");
      if (text != null) {
        parts.add(ChatRequest.text(block.requireText("text")));
      } else if (image != null) {
        parts.add(image(Fields.of(block.at("image"), image)));
      } else if (result != null) {
        // A tool's result is a message of its own there; what came before it stays before it.
        request.message("user", parts);
        parts = new ArrayList<>();
        toolResult(Fields.of(block.at("toolResult"), result), request);
      }
      block.done();
    }
    request.message("user", parts);
  }

  private static void assistant(List<Fields.Element> content, ChatRequest request) {
    List<JsonNode> parts = new ArrayList<>();
    List<JsonNode> calls = new ArrayList<>();
    for (Fields.Element element : content) {
      Fields block = Fields.of(element.path(), element.value());
      String text = block.text("text");
      if (text != null) {
        if (!calls.isEmpty()) {
          throw new UnfitBody(
              element.path() + " is text after a toolUse, which has no counterpart");
        }
        parts.add(ChatRequest.text(text));
      }
      block.inside(
          "toolUse",
          use ->
              calls.add(
                  ChatRequest.toolCall(
                      use.requireText("toolUseId"),
                      use.requireText("name"),
                      use.require("input"))));
      block.done();
    }
    request.assistant(parts, calls);
  }

  private static JsonNode image(Fields image) {
    String format = image.requireText("format");
    if (!IMAGE_FORMATS.contains(format)) {
      throw new UnfitBody(
          "%s has to be png, jpeg, gif or webp, this is %s".formatted(image.at("format"), format));
    }
    Fields source = Fields.of(image.at("source"), image.require("source"));
    source.refuse("s3Location", "is not yet read: send the image as bytes");
    JsonNode part = ChatRequest.image("image/" + format, source.requireText("bytes"));
    source.done();
    image.done();
    return part;
  }

  private static void toolResult(Fields result, ChatRequest request) {
    String status = result.text("status");
    if (status != null && !status.equals("success")) {
      throw new UnfitBody(
          "%s is %s, which has no counterpart: say so in the content"
              .formatted(result.at("status"), status));
    }
    List<JsonNode> parts = new ArrayList<>();
    for (Fields.Element element : result.requireList("content")) {
      Fields block = Fields.of(element.path(), element.value());
      JsonNode json = block.take("json");
      parts.add(ChatRequest.text(json == null ? block.requireText("text") : json.toString()));
      block.done();
    }
    request.toolResult(result.requireText("toolUseId"), parts);
    result.done();
  }
}
