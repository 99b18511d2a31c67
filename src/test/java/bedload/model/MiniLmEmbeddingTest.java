package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bedload.job.ModelInvocationType;
import bedload.job.TokenUsage;
import bedload.model.body.Family;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The model that comes with bedload, with its real weights. */
class MiniLmEmbeddingTest {
  private static final MiniLmLoader WEIGHTS = new MiniLmLoader();
  private static final MiniLmEmbedding MODEL = new MiniLmEmbedding(WEIGHTS, Family.TITAN_EMBEDDING);

  @AfterAll
  static void close() {
    WEIGHTS.close();
  }

  private static ModelReply ask(String body) throws InterruptedException {
    return MODEL.invoke(body.getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);
  }

  private static JsonNode answer(String body) throws InterruptedException {
    ModelReply reply = ask(body);
    assertThat(reply).isInstanceOf(ModelReply.Answer.class);
    return JsonMapper.shared().readTree(((ModelReply.Answer) reply).modelOutput());
  }

  private static double[] vector(String text) throws InterruptedException {
    return numbers(answer("{\"inputText\":\"%s\"}".formatted(text)).get("embedding"));
  }

  private static double[] numbers(JsonNode array) {
    return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  private static double cosine(double[] left, double[] right) {
    double product = 0;
    for (int i = 0; i < left.length; i++) {
      product += left[i] * right[i];
    }
    return product / (length(left) * length(right));
  }

  private static double length(double[] vector) {
    double squares = 0;
    for (double x : vector) {
      squares += x * x;
    }
    return Math.sqrt(squares);
  }

  /** The numbers are those of the same weights under another runtime and tokenizer (Python's). */
  @Test
  void theVectorIsTheModelsOwn() throws InterruptedException {
    double[] vector = vector("The river carries its bedload along the bottom.");

    assertThat(vector).hasSize(384);
    assertThat(length(vector)).isCloseTo(1, within(1e-6));
    assertThat(vector[0]).isCloseTo(0.062661, within(2e-3));
    assertThat(vector[1]).isCloseTo(0.086958, within(2e-3));
    assertThat(vector[2]).isCloseTo(0.031076, within(2e-3));
    assertThat(vector[3]).isCloseTo(-0.024160, within(2e-3));
  }

  @Test
  void textsOfOneMeaningAreNearerThanOthers() throws InterruptedException {
    double[] river = vector("The river carries gravel along its bed.");
    double[] stream = vector("Small stones are moved downstream by the water.");
    double[] bank = vector("The central bank raised its interest rate again.");

    assertThat(cosine(river, stream)).isGreaterThan(cosine(river, bank) + 0.2);
  }

  @Test
  void theAnswerHasTitansForm() throws InterruptedException {
    String body = "{\"inputText\":\"sand\",\"embeddingTypes\":[\"float\",\"binary\"]}";
    JsonNode answer = answer(body);

    assertThat(answer.propertyNames())
        .containsExactly("embedding", "embeddingsByType", "inputTextTokenCount");
    assertThat(answer.get("inputTextTokenCount").intValue()).isEqualTo(3);
    JsonNode byType = answer.get("embeddingsByType");
    assertThat(byType.get("float")).isEqualTo(answer.get("embedding"));
    double[] numbers = numbers(answer.get("embedding"));
    double[] bits = numbers(byType.get("binary"));
    for (int i = 0; i < numbers.length; i++) {
      assertThat(bits[i]).isEqualTo(numbers[i] > 0 ? 1 : 0);
    }
    assertThat(((ModelReply.Answer) ask(body)).usage()).isEqualTo(TokenUsage.of(3L, 0L));
  }

  @Test
  void fewerDimensionsAreTheFirstOnesScaledAnew() throws InterruptedException {
    double[] whole = vector("silt");
    JsonNode answer = answer("{\"inputText\":\"silt\",\"dimensions\":256}");
    double[] shorter = numbers(answer.get("embedding"));

    assertThat(shorter).hasSize(256);
    assertThat(length(shorter)).isCloseTo(1, within(1e-6));
    double scale = shorter[0] / whole[0];
    assertThat(shorter[255]).isCloseTo(whole[255] * scale, within(1e-6));
  }

  @Test
  void aVectorIsNotScaledIfTheRecordSaysSo() throws InterruptedException {
    double[] raw = numbers(answer("{\"inputText\":\"silt\",\"normalize\":false}").get("embedding"));

    assertThat(length(raw)).isNotCloseTo(1, within(0.01));
    assertThat(cosine(raw, vector("silt"))).isCloseTo(1, within(1e-6));
  }

  static Stream<Arguments> unfitBodies() {
    return Stream.of(
        Arguments.of("{}", "inputText: Field required"),
        Arguments.of("{\"inputText\":\"\"}", "inputText"),
        Arguments.of("{\"inputText\":7}", "inputText has to be a string, this is a number"),
        Arguments.of("{\"inputText\":\"a\",\"dimensions\":1024}", "384 dimensions"),
        Arguments.of("{\"inputText\":\"a\",\"dimensions\":512}", "384 dimensions"),
        Arguments.of(
            "{\"inputText\":\"a\",\"dimensions\":\"256\"}", "dimensions has to be a number"),
        Arguments.of("{\"inputText\":\"a\",\"normalize\":1}", "normalize has to be true or false"),
        Arguments.of("{\"inputText\":\"a\",\"embeddingTypes\":[\"int8\"]}", "embeddingTypes[0]"),
        Arguments.of(
            "{\"inputText\":\"a\",\"model\":\"x\",\"mode\":1}",
            "model, mode: Extra inputs are not permitted"),
        Arguments.of("{\"inputText\":\"a\",\"inputText\":\"b\"}", "modelInput cannot be read"),
        Arguments.of("{\"inputText\":\"%s\"}".formatted("a".repeat(50_001)), "at most 50000"));
  }

  @ParameterizedTest
  @MethodSource("unfitBodies")
  void anUnfitBodyIsRefusedByTheNameOfItsField(String body, String message)
      throws InterruptedException {
    assertThat(ask(body))
        .isInstanceOfSatisfying(
            ModelReply.Refusal.class,
            refusal -> {
              assertThat(refusal.errorCode()).isEqualTo(400);
              assertThat(refusal.message()).contains(message);
            });
  }

  @Test
  void aConverseBodyIsRefused() throws InterruptedException {
    assertThat(MODEL.invoke("{}".getBytes(StandardCharsets.UTF_8), ModelInvocationType.CONVERSE))
        .isInstanceOf(ModelReply.Refusal.class);
  }

  @Test
  void aLongTextIsReadUpToItsLimit() throws InterruptedException {
    String words = "river ".repeat(300);
    assertThat(
            answer("{\"inputText\":\"%s\"}".formatted(words)).get("inputTextTokenCount").intValue())
        .isEqualTo(256);
    assertThat(vector(words)).isEqualTo(vector(words + "and then something else entirely"));
  }

  /** A job done again must give what it gave; so must a record whose answer was lost in a crash. */
  @Test
  void aTextsVectorIsTheSameToTheBitWhateverElseIsGoingOn() throws Exception {
    String text = "Bedload is what rolls, slides and hops along the bottom of a stream.";
    double[] alone = vector(text);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<double[]>> same = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String other = "Another text, of a length of its own " + "word ".repeat(i);
        same.add(threads.submit(() -> vector(text)));
        var _ = threads.submit(() -> vector(other));
      }
      for (Future<double[]> vector : same) {
        assertThat(vector.get()).isEqualTo(alone);
      }
    }
  }
}
