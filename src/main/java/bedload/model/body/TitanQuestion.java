package bedload.model.body;

import bedload.job.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.util.EnumSet;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * The body of Amazon's Titan Text Embeddings V2, and the answer to it.
 *
 * @param dimensions empty for as many as the model has
 * @param normalize whether the vector is wanted with length 1
 * @param types the forms that embeddingsByType is wanted to hold, besides the plain vector
 */
public record TitanQuestion(
    String inputText, OptionalInt dimensions, boolean normalize, Set<Type> types) {
  /** As on Bedrock. */
  private static final int LONGEST_INPUT_CHARACTERS = 50_000;

  /** A form of a vector. */
  public enum Type {
    /** One number a dimension. */
    FLOAT,
    /** One bit a dimension: whether the number is above zero. */
    BINARY;

    private String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Type of(Fields.Element element) {
      for (Type type : values()) {
        if (element.value().isString() && element.value().stringValue().equals(type.wireName())) {
          return type;
        }
      }
      throw new UnfitBody(
          "%s has to be float or binary, this is %s".formatted(element.path(), element.value()));
    }
  }

  public TitanQuestion {
    types = types.isEmpty() ? Set.of(Type.FLOAT) : Set.copyOf(types);
  }

  /**
   * Reads the body.
   *
   * @throws UnfitBody if it is not one
   */
  public static TitanQuestion of(JsonNode modelInput) {
    Fields fields = Fields.of(modelInput);
    String text = fields.requireText("inputText");
    if (text.isEmpty()) {
      throw new UnfitBody("inputText has to have at least one character");
    }
    if (text.codePointCount(0, text.length()) > LONGEST_INPUT_CHARACTERS) {
      throw new UnfitBody(
          "inputText has to have at most %d characters, this has %d"
              .formatted(LONGEST_INPUT_CHARACTERS, text.codePointCount(0, text.length())));
    }
    JsonNode dimensions = fields.count("dimensions");
    if (dimensions != null && !dimensions.canConvertToInt()) {
      throw new UnfitBody("dimensions has to be 1024, 512 or 256, this is " + dimensions);
    }
    boolean normalize = fields.flag("normalize", true);
    Set<Type> types = EnumSet.noneOf(Type.class);
    fields.list("embeddingTypes").forEach(element -> types.add(Type.of(element)));
    fields.done();
    return new TitanQuestion(
        text,
        dimensions == null ? OptionalInt.empty() : OptionalInt.of(dimensions.intValue()),
        normalize,
        types);
  }

  /**
   * Returns the answer.
   *
   * @param embedding with as many dimensions as are wanted
   */
  public ModelOutput answer(Embedding embedding) {
    Embedding wanted = normalize ? embedding.normalized() : embedding;
    ByteArrayOutputStream json = new ByteArrayOutputStream(wanted.vector().length * 24 + 100);
    try (JsonGenerator writer = Json.writer(json)) {
      writer.writeStartObject();
      writer.writeName("embedding");
      writeFloats(writer, wanted.vector());
      writer.writeName("embeddingsByType");
      writer.writeStartObject();
      for (Type type : Type.values()) {
        if (types.contains(type)) {
          writer.writeName(type.wireName());
          switch (type) {
            case FLOAT -> writeFloats(writer, wanted.vector());
            case BINARY -> writeBits(writer, wanted.vector());
          }
        }
      }
      writer.writeEndObject();
      if (wanted.tokens() != null) {
        writer.writeNumberProperty("inputTextTokenCount", wanted.tokens());
      }
      writer.writeEndObject();
    }
    // An embedding has no output tokens: that is known, and so it is zero.
    return new ModelOutput(json.toByteArray(), TokenUsage.of(wanted.tokens(), 0L));
  }

  private static void writeFloats(JsonGenerator writer, float[] vector) {
    writer.writeStartArray();
    for (float x : vector) {
      writer.writeNumber(x);
    }
    writer.writeEndArray();
  }

  private static void writeBits(JsonGenerator writer, float[] vector) {
    writer.writeStartArray();
    for (float x : vector) {
      writer.writeNumber(x > 0 ? 1 : 0);
    }
    writer.writeEndArray();
  }
}
