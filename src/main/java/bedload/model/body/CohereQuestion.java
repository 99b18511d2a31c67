package bedload.model.body;

import bedload.job.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * The body of Cohere's Embed, and the answer to it. Its input_type has to be there and changes
 * nothing: it makes Cohere's own models put a token of their own before the text, and a server that
 * wants a prefix has to be told within the text.
 *
 * @param types the forms that embeddings are wanted in; empty for the plain answer
 */
public record CohereQuestion(List<String> texts, OptionalInt dimensions, Set<Type> types)
    implements EmbeddingQuestion {
  private static final int MOST_TEXTS = 96;
  private static final Set<String> INPUT_TYPES =
      Set.of("search_document", "search_query", "classification", "clustering");
  private static final Set<String> TRUNCATIONS = Set.of("NONE", "START", "END", "LEFT", "RIGHT");

  /** A form of a vector. */
  enum Type {
    /** One number a dimension. */
    FLOAT,
    /** Eight dimensions a byte, each whether it is above zero; the byte less 128. */
    BINARY,
    /** Eight dimensions a byte, each whether it is above zero. */
    UBINARY;

    private String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Type of(Fields.Element element) {
      String name = element.value().asString("");
      return switch (name) {
        case "float" -> FLOAT;
        case "binary" -> BINARY;
        case "ubinary" -> UBINARY;
        case "int8", "uint8" ->
            throw new UnfitBody(
                "%s is %s, which needs ranges that only Cohere's own models come with"
                    .formatted(element.path(), name));
        default ->
            throw new UnfitBody(
                "%s has to be float, binary or ubinary, this is %s"
                    .formatted(element.path(), element.value()));
      };
    }
  }

  public CohereQuestion {
    texts = List.copyOf(texts);
    types = Set.copyOf(types);
  }

  /** Reads the body. */
  static CohereQuestion of(Fields fields) {
    String inputType = fields.requireText("input_type");
    if (!INPUT_TYPES.contains(inputType)) {
      throw new UnfitBody(
          "input_type has to be search_document, search_query, classification or clustering, this is "
              + inputType);
    }
    fields.refuse("images", "has no counterpart in embeddings of OpenAI-compatible servers");
    fields.refuse("inputs", "is not translated: send texts");
    List<String> texts = texts(fields);
    String truncate = fields.text("truncate");
    if (truncate != null && !TRUNCATIONS.contains(truncate)) {
      throw new UnfitBody(
          "truncate has to be NONE, START, END, LEFT or RIGHT, this is " + truncate);
    }
    if (truncate != null && !truncate.equals("NONE")) {
      fields.refuseUnless(
          Droppable.TRUNCATE, "truncate", "cannot be asked of an OpenAI-compatible server");
    }
    fields.refuseUnless(
        Droppable.TRUNCATE, "max_tokens", "cannot be asked of an OpenAI-compatible server");
    Set<Type> types = EnumSet.noneOf(Type.class);
    fields.list("embedding_types").forEach(element -> types.add(Type.of(element)));
    JsonNode dimensions = fields.count("output_dimension");
    if (dimensions != null && !dimensions.canConvertToInt()) {
      throw new UnfitBody("output_dimension is too large: " + dimensions);
    }
    fields.done();
    return new CohereQuestion(
        texts,
        dimensions == null ? OptionalInt.empty() : OptionalInt.of(dimensions.intValue()),
        types);
  }

  private static List<String> texts(Fields fields) {
    fields.require("texts");
    List<String> texts = new ArrayList<>();
    JsonNode checked = fields.texts("texts");
    if (checked != null) {
      checked.forEach(text -> texts.add(text.stringValue()));
    }
    if (texts.isEmpty() || texts.size() > MOST_TEXTS) {
      throw new UnfitBody(
          "texts has to hold 1 to %d texts, this holds %d".formatted(MOST_TEXTS, texts.size()));
    }
    return texts;
  }

  @Override
  public ModelOutput answer(List<float[]> embeddings, @Nullable Long tokens) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try (JsonGenerator writer = Json.writer(json)) {
      writer.writeStartObject();
      // As Cohere's ids look; it follows from the texts, as everything here does.
      byte[] seed = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
      writer.writeStringProperty("id", UUID.nameUUIDFromBytes(seed).toString());
      writer.writeStringProperty(
          "response_type", types.isEmpty() ? "embeddings_floats" : "embeddings_by_type");
      writer.writeName("embeddings");
      if (types.isEmpty()) {
        write(writer, Type.FLOAT, embeddings);
      } else {
        writer.writeStartObject();
        for (Type type : Type.values()) {
          if (types.contains(type)) {
            writer.writeName(type.wireName());
            write(writer, type, embeddings);
          }
        }
        writer.writeEndObject();
      }
      writer.writeName("texts");
      writer.writeStartArray();
      texts.forEach(writer::writeString);
      writer.writeEndArray();
      writer.writeEndObject();
    }
    // An embedding has no output tokens: that is known, and so it is zero.
    return new ModelOutput(json.toByteArray(), TokenUsage.of(tokens, 0L));
  }

  private static void write(JsonGenerator writer, Type type, List<float[]> vectors) {
    writer.writeStartArray();
    for (float[] vector : vectors) {
      switch (type) {
        case FLOAT -> Vectors.writeFloats(writer, vector);
        case BINARY -> Vectors.writePackedBits(writer, vector, -128);
        case UBINARY -> Vectors.writePackedBits(writer, vector, 0);
      }
    }
    writer.writeEndArray();
  }
}
