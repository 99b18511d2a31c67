package bedload.model.body;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A document within an Anthropic message. One that is text goes on as text, after its title and
 * context. A PDF would have to be read by the server, which OpenAI-compatible ones do not: it is
 * refused, and nothing lets it be dropped, since the question is about it.
 */
final class AnthropicDocument {
  private AnthropicDocument() {}

  /** Returns the document as parts of a message. */
  static List<JsonNode> parts(Fields block) {
    List<JsonNode> parts = new ArrayList<>();
    for (String name : List.of("title", "context")) {
      String text = block.text(name);
      if (text != null) {
        parts.add(ChatRequest.text(text));
      }
    }
    block.inside(
        "citations",
        citations -> {
          if (citations.flag("enabled", false)) {
            throw new UnfitBody(
                citations.at("enabled")
                    + " is true, but OpenAI-compatible servers do not cite documents");
          }
        });
    Fields source = block.requireObject("source");
    String type = source.requireText("type");
    switch (type) {
      case "text" -> {
        source.text("media_type");
        parts.add(ChatRequest.text(source.requireText("data")));
      }
      case "content" ->
          parts.addAll(AnthropicTurns.texts(source, "content", source.require("content")));
      default ->
          throw new UnfitBody(
              "%s is of type %s, which OpenAI-compatible servers do not read: send the document's text"
                  .formatted(block.at("source"), type));
    }
    source.done();
    return parts;
  }
}
