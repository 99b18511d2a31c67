package bedload.wire;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading of bodies. */
final class JsonBody {
  private JsonBody() {}

  /**
   * Returns the JSON object that a body is.
   *
   * @throws CallFault SERIALIZATION that says where it stops being one
   */
  static ObjectNode parse(byte[] body) {
    if (body.length == 0) {
      return WireJson.MAPPER.createObjectNode();
    }
    JsonNode node;
    try {
      node = WireJson.MAPPER.readTree(body);
    } catch (JacksonException e) {
      TokenStreamLocation place = e.getLocation();
      throw new CallFault(
          AwsError.SERIALIZATION,
          "The body is not JSON%s: %s"
              .formatted(
                  place == null
                      ? ""
                      : " at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr()),
                  Excerpt.of(e.getOriginalMessage())));
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new CallFault(
        AwsError.SERIALIZATION, "The body must be a JSON object, it is " + WireJson.kind(node));
  }
}
