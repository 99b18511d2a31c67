package bedload.model.body;

import bedload.job.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    String inputText, OptionalInt dimensions, boolean normalize, Set<Type> types)
    implements EmbeddingQuestion {
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

  /** Reads the body. */
  static TitanQuestion of(Fields fields) {
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

  @Override
  public List<String> texts() {
    return List.of(inputText);
  }

  @Override
  public ModelOutput answer(List<float[]> embeddings, @Nullable Long tokens) {
    float[] given = embeddings.getFirst();
    float[] wanted = normalize ? Vectors.normalized(given) : given;
    ByteArrayOutputStream json = new ByteArrayOutputStream(wanted.length * 24 + 100);
    try (JsonGenerator writer = Json.writer(json)) {
      writer.writeStartObject();
      writer.writeName("embedding");
      Vectors.writeFloats(writer, wanted);
      writer.writeName("embeddingsByType");
      writer.writeStartObject();
      for (Type type : Type.values()) {
        if (types.contains(type)) {
          writer.writeName(type.wireName());
          switch (type) {
            case FLOAT -> Vectors.writeFloats(writer, wanted);
            case BINARY -> Vectors.writeBits(writer, wanted);
          }
        }
      }
      writer.writeEndObject();
      if (tokens != null) {
        writer.writeNumberProperty("inputTextTokenCount", tokens);
      }
      writer.writeEndObject();
    }
    // An embedding has no output tokens: that is known, and so it is zero.
    return new ModelOutput(json.toByteArray(), TokenUsage.of(tokens, 0L));
  }
}
