package bedload.model.body;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A document within a Converse message. One that is text goes on as text, after its name; others
 * are refused, since OpenAI-compatible servers do not read them.
 */
final class ConverseDocument {
  private static final Set<String> TEXTS = Set.of("txt", "md", "csv", "html");

  private ConverseDocument() {}

  /** Returns the document as a part of a message. */
  static JsonNode part(Fields document) {
    String format = document.text("format");
    String name = document.requireText("name");
    Fields source = document.requireObject("source");
    String text = source.text("text");
    if (text == null) {
      if (!TEXTS.contains(String.valueOf(format))) {
        throw new UnfitBody(
            "%s is %s, which OpenAI-compatible servers do not read: send the document's text"
                .formatted(document.at("format"), format));
      }
      source.refuse("s3Location", "is not yet read: send the document as bytes");
      text = decoded(source);
    }
    document.inside(
        "citations",
        citations -> {
          if (citations.flag("enabled", false)) {
            throw new UnfitBody(
                citations.at("enabled")
                    + " is true, but OpenAI-compatible servers do not cite documents");
          }
        });
    source.done();
    String context = document.text("context");
    document.done();
    return ChatRequest.text(name + "\n" + (context == null ? "" : context + "\n") + "\n" + text);
  }

  private static String decoded(Fields source) {
    try {
      byte[] bytes = Base64.getDecoder().decode(source.requireText("bytes"));
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException malformed) {
      throw new UnfitBody(source.at("bytes") + " has to be UTF-8 text in base64");
    }
  }
}
