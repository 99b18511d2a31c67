package bedload.model;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the test server says to a request: always the same to the same. */
final class TestAnswers {
  static final int DIMENSIONS = 8;

  private TestAnswers() {}

  /** Returns the body of the answer. */
  static byte[] to(TestRequest request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    long hash = hash(request);
    answer.put("id", "test-" + Long.toHexString(hash));
    answer.put("model", request.body().path("model").asString(""));
    long words = request.id().split(" ").length;
    if (request.path().endsWith("/embeddings")) {
      embeddings(answer, request);
      answer.putObject("usage").put("prompt_tokens", words).put("total_tokens", words);
    } else {
      choice(answer, request);
      answer
          .putObject("usage")
          .put("prompt_tokens", words)
          .put("completion_tokens", words + 1)
          .put("total_tokens", 2 * words + 1);
    }
    return JsonMapper.shared().writeValueAsBytes(answer);
  }

  private static void choice(ObjectNode answer, TestRequest request) {
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    String text = "You said: " + request.id();
    if (request.path().endsWith("/chat/completions")) {
      answer.put("object", "chat.completion");
      choice.putObject("message").put("role", "assistant").put("content", text);
    } else {
      answer.put("object", "text_completion");
      choice.put("text", text);
    }
    choice.put("finish_reason", "stop");
  }

  private static void embeddings(ObjectNode answer, TestRequest request) {
    answer.put("object", "list");
    ArrayNode data = answer.putArray("data");
    JsonNode input = request.body().path("input");
    if (input.isArray()) {
      input.forEach(text -> embedding(data, text.asString("")));
    } else {
      embedding(data, request.id());
    }
  }

  private static void embedding(ArrayNode data, String text) {
    ObjectNode element = data.addObject().put("object", "embedding").put("index", data.size() - 1);
    ArrayNode vector = element.putArray("embedding");
    Random numbers = new Random(hash(text.getBytes(StandardCharsets.UTF_8)));
    for (int i = 0; i < DIMENSIONS; i++) {
      vector.add(numbers.nextFloat(-1, 1));
    }
  }

  private static long hash(TestRequest request) {
    return hash(request.idBytes());
  }

  private static long hash(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }
}
