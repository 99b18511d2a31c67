package bedload.model.body;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Titan's text embedding body, for servers that embed. The size of the vector is the server's
 * matter: it is asked for the dimensions, and an answer of another size is refused, never padded or
 * cut, since a model that was not made for it gives a worse vector then.
 */
final class TitanEmbedding implements BodyFamily {
  @Override
  public ServerCall toServer(JsonNode modelInput, String served) {
    TitanQuestion question = TitanQuestion.of(modelInput);
    ObjectNode body = Json.object().put("model", served).put("input", question.inputText());
    question.dimensions().ifPresent(dimensions -> body.put("dimensions", dimensions));
    return new ServerCall(ServerCall.EMBEDDINGS, Json.write(body));
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput) {
    TitanQuestion question = TitanQuestion.of(modelInput);
    JsonNode read = Json.answer(answer);
    JsonNode numbers = read.path("data").path(0).path("embedding");
    if (!numbers.isArray() || numbers.isEmpty()) {
      throw new UnusableAnswer("The answer has no data[0].embedding");
    }
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      JsonNode number = numbers.get(i);
      if (!number.isNumber()) {
        throw new UnusableAnswer("The answer's embedding holds " + Json.kind(number));
      }
      vector[i] = number.floatValue();
    }
    int wanted = question.dimensions().orElse(vector.length);
    if (wanted != vector.length) {
      throw new UnfitBody(
          "dimensions is %d, but the model server answers with %d"
              .formatted(wanted, vector.length));
    }
    return question.answer(new Embedding(vector, ServerUsage.of(read).input()));
  }
}
