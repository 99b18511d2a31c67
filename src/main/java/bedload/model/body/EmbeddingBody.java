package bedload.model.body;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body that asks for embeddings, for servers that embed. The size of a vector is the server's
 * matter: it is asked for the dimensions, and an answer of another size is refused, never padded or
 * cut, since a model that was not made for it gives a worse vector then.
 */
final class EmbeddingBody implements BodyFamily {
  private final Function<Fields, EmbeddingQuestion> reader;

  EmbeddingBody(Function<Fields, EmbeddingQuestion> reader) {
    this.reader = reader;
  }

  @Override
  public ServerCall toServer(JsonNode modelInput, Served served) {
    EmbeddingQuestion question = reader.apply(Fields.of(modelInput, served));
    ObjectNode body = Json.object().put("model", served.name());
    if (question.texts().size() == 1) {
      body.put("input", question.texts().getFirst());
    } else {
      question.texts().forEach(body.putArray("input")::add);
    }
    question.dimensions().ifPresent(dimensions -> body.put("dimensions", dimensions));
    return new ServerCall(ServerCall.EMBEDDINGS, Json.write(body));
  }

  @Override
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    EmbeddingQuestion question = reader.apply(Fields.of(modelInput, served));
    JsonNode read = Json.answer(answer);
    List<float[]> vectors = vectors(read.path("data"), question.texts().size());
    for (float[] vector : vectors) {
      int wanted = question.dimensions().orElse(vector.length);
      if (wanted != vector.length) {
        throw new UnfitBody(
            "%d dimensions are asked for, but the model server answers with %d"
                .formatted(wanted, vector.length));
      }
    }
    return question.answer(vectors, ServerUsage.of(read).input());
  }

  /** Returns the vectors by the index that the server gives each, whatever their order. */
  private static List<float[]> vectors(JsonNode data, int wanted) {
    if (!(data instanceof ArrayNode) || data.size() != wanted) {
      throw new UnusableAnswer(
          "The answer's data has to hold %d embeddings, it holds %d"
              .formatted(wanted, data.size()));
    }
    float[][] vectors = new float[wanted][];
    for (int i = 0; i < wanted; i++) {
      int index = data.get(i).path("index").asInt(i);
      if (index < 0 || index >= wanted || vectors[index] != null) {
        throw new UnusableAnswer("The answer's data[%d] has index %d".formatted(i, index));
      }
      vectors[index] = vector(data.get(i).path("embedding"));
    }
    return List.of(vectors);
  }

  private static float[] vector(JsonNode numbers) {
    if (!numbers.isArray() || numbers.isEmpty()) {
      throw new UnusableAnswer("The answer's data has an element without an embedding");
    }
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      JsonNode number = numbers.get(i);
      if (!number.isNumber()) {
        throw new UnusableAnswer("The answer's embedding holds " + Json.kind(number));
      }
      vector[i] = number.floatValue();
    }
    return vector;
  }
}
