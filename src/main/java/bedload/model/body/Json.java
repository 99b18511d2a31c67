package bedload.model.body;

import java.io.OutputStream;
import java.math.BigDecimal;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes bodies such that no number changes its value and no field is lost. */
public final class Json {
  /**
   * Images come as one string of base64; the default limit of 20 million characters is too small.
   */
  private static final int LONGEST_STRING = 256 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  /**
   * Returns a record's body.
   *
   * @throws UnfitBody if it is not a JSON object, or names a field twice
   */
  public static JsonNode input(byte[] json) {
    try {
      JsonNode body = MAPPER.readTree(json);
      if (!body.isObject()) {
        throw new UnfitBody("modelInput has to be a JSON object, this is " + kind(body));
      }
      return body;
    } catch (JacksonException malformed) {
      throw new UnfitBody("modelInput cannot be read: " + malformed.getOriginalMessage());
    }
  }

  /**
   * Returns a server's answer.
   *
   * @throws UnusableAnswer if it is not a JSON object
   */
  static JsonNode answer(byte[] json) {
    try {
      JsonNode answer = MAPPER.readTree(json);
      if (!answer.isObject()) {
        throw new UnusableAnswer("The answer has to be a JSON object, this is " + kind(answer));
      }
      return answer;
    } catch (JacksonException malformed) {
      throw new UnusableAnswer("The answer is not JSON: " + malformed.getOriginalMessage());
    }
  }

  /** Returns the JSON on one line. */
  static byte[] write(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  /** Returns a writer of JSON on one line. */
  static JsonGenerator writer(OutputStream out) {
    return MAPPER.createGenerator(out);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  static JsonNode number(String decimal) {
    return JsonNodeFactory.instance.numberNode(new BigDecimal(decimal));
  }

  /** Returns what kind of JSON this is, with its article, for messages. */
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case NUMBER -> "a number";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "a string";
      case MISSING -> "missing";
    };
  }
}
