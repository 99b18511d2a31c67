package bedload.model.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.model.OpenAiSchema;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every family on the same conversations, there and back. */
class GoldenTest {
  private static final Served SERVED = Served.strictly("served");

  static List<GoldenCase> cases() {
    return GoldenCase.all();
  }

  static Stream<GoldenCase> sent() {
    return cases().stream().filter(GoldenCase::isSent);
  }

  private static ServerCall call(GoldenCase golden) {
    return golden.family().toServer(golden.request(), SERVED);
  }

  private static JsonNode read(byte[] json) {
    return JsonMapper.shared().readTree(json);
  }

  /** The same JSON, whatever the types that its numbers were read into. */
  private static JsonNode same(JsonNode json) {
    return read(Json.write(json));
  }

  @Test
  void everyFamilyHasEightCasesOrMore() {
    Arrays.stream(Family.values())
        .forEach(
            family ->
                assertThat(cases().stream().filter(golden -> golden.family() == family))
                    .as(family.wireName())
                    .hasSizeGreaterThanOrEqualTo(8));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBodyIsSentAsItsCaseSaysOrRefused(GoldenCase golden) {
    if (golden.isSent()) {
      ServerCall call = call(golden);
      assertThat(call.path()).isEqualTo(golden.content().at("/sent/path").stringValue());
      assertThat(read(call.body())).isEqualTo(same(golden.content().at("/sent/body")));
    } else {
      assertThatThrownBy(() -> call(golden))
          .isInstanceOf(UnfitBody.class)
          .hasMessageContaining(golden.content().path("error").stringValue());
    }
  }

  @ParameterizedTest
  @MethodSource("sent")
  void anAnswerComesBackAsItsCaseSays(GoldenCase golden) {
    byte[] answer = Json.write(golden.content().path("answer"));
    if (golden.content().has("error")) {
      assertThatThrownBy(() -> golden.family().fromServer(answer, golden.request(), SERVED))
          .hasMessageContaining(golden.content().path("error").stringValue());
    } else {
      ModelOutput output = golden.family().fromServer(answer, golden.request(), SERVED);
      assertThat(read(output.json())).isEqualTo(same(golden.content().path("output")));
    }
  }

  @ParameterizedTest
  @MethodSource("sent")
  void whatIsSentIsOfOpenAisForm(GoldenCase golden) {
    ServerCall call = call(golden);

    assertThat(OpenAiSchema.faults(call.path(), read(call.body()))).isEmpty();
  }
}
