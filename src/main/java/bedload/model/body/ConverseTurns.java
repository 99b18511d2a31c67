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
      Fields message = element.fields();
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
      Fields block = element.fields();
      JsonNode text = block.take("text");
      JsonNode image = block.take("image");
      JsonNode result = block.take("toolResult");
      boolean isMark = cacheMark(block);
      JsonNode document = block.take("document");
      if (text != null) {
        parts.add(ChatRequest.text(block.requireText("text")));
      } else if (image != null) {
        parts.add(image(block.requireObject("image")));
      } else if (result != null) {
        // A tool's result is a message of its own there; what came before it stays before it.
        request.message("user", parts);
        parts = new ArrayList<>();
        toolResult(block.requireObject("toolResult"), request);
      } else if (document != null) {
        parts.add(ConverseDocument.part(block.requireObject("document")));
      } else if (!isMark && block.rest().isEmpty()) {
        throw new UnfitBody(element.path() + " has to have one member, such as text");
      }
      block.done();
    }
    request.message("user", parts);
  }

  private static void assistant(List<Fields.Element> content, ChatRequest request) {
    StringBuilder thinking = new StringBuilder();
    List<JsonNode> parts = new ArrayList<>();
    List<JsonNode> calls = new ArrayList<>();
    for (Fields.Element element : content) {
      Fields block = element.fields();
      cacheMark(block);
      reasoning(block, thinking);
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
    request.assistant(thinking.toString(), parts, calls);
  }

  private static void reasoning(Fields block, StringBuilder thinking) {
    if (!block.server().takesEarlierThinking()) {
      block.refuseUnless(
          Droppable.THINKING,
          "reasoningContent",
          "has no counterpart on an OpenAI-compatible server");
      return;
    }
    block.inside(
        "reasoningContent",
        reasoning -> {
          reasoning.inside(
              "reasoningText",
              text -> {
                thinking.append(text.requireText("text"));
                // Only the model that wrote it could check it.
                text.take("signature");
              });
          reasoning.refuseUnless(
              Droppable.THINKING, "redactedContent", "can only be read by the model that wrote it");
        });
  }

  /**
   * Refuses the mark that what stands before it is to be cached, unless it may be dropped; returns
   * whether it is there.
   */
  static boolean cacheMark(Fields block) {
    block.refuseUnless(
        Droppable.CACHE_CONTROL,
        "cachePoint",
        "has no counterpart on an OpenAI-compatible server, which caches as it likes");
    return block.take("cachePoint") != null;
  }

  private static JsonNode image(Fields image) {
    String format = image.requireText("format");
    if (!IMAGE_FORMATS.contains(format)) {
      throw new UnfitBody(
          "%s has to be png, jpeg, gif or webp, this is %s".formatted(image.at("format"), format));
    }
    Fields source = image.requireObject("source");
    source.refuse("s3Location", "is not yet read: send the image as bytes");
    JsonNode part = ChatRequest.image("image/" + format, source.requireText("bytes"));
    source.done();
    image.done();
    return part;
  }

  private static void toolResult(Fields result, ChatRequest request) {
    String status = result.text("status");
    boolean isError = status != null && !status.equals("success");
    if (isError && !result.mayDrop(Droppable.TOOL_ERROR)) {
      throw Fields.undroppable(
          Droppable.TOOL_ERROR,
          "%s is %s, which has no counterpart: say so in the content"
              .formatted(result.at("status"), status));
    }
    List<JsonNode> parts = new ArrayList<>();
    for (Fields.Element element : result.requireList("content")) {
      Fields block = element.fields();
      JsonNode json = block.take("json");
      parts.add(ChatRequest.text(json == null ? block.requireText("text") : json.toString()));
      block.done();
    }
    request.toolResult(result.requireText("toolUseId"), parts);
    result.done();
  }
}
