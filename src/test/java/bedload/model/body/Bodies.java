package bedload.model.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How the tests of the families write JSON: with single quotes, as people read it. */
final class Bodies {
  private Bodies() {}

  static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  static JsonNode json(String json) {
    return JsonMapper.shared().readTree(bytes(json));
  }

  /** Checks what a record becomes on its way to the server. */
  static void assertSent(Family family, String modelInput, String path, String sent) {
    ServerCall call = family.toServer(Json.input(bytes(modelInput)), Served.strictly("served"));
    assertThat(call.path()).isEqualTo(path);
    assertThat(JsonMapper.shared().readTree(call.body())).isEqualTo(json(sent));
  }

  /** Checks that a record is refused with a message that has these words. */
  static void assertRefused(Family family, String modelInput, String words) {
    assertThatThrownBy(
            () -> family.toServer(Json.input(bytes(modelInput)), Served.strictly("served")))
        .as(modelInput)
        .isInstanceOf(UnfitBody.class)
        .hasMessageContaining(words);
  }

  /** Checks what a server's answer becomes on its way back. */
  static ModelOutput assertAnswered(
      Family family, String modelInput, String answer, String output) {
    ModelOutput read =
        family.fromServer(bytes(answer), Json.input(bytes(modelInput)), Served.strictly("served"));
    assertThat(JsonMapper.shared().readTree(read.json())).isEqualTo(json(output));
    assertThat(new String(read.json(), StandardCharsets.UTF_8)).doesNotContain("\n", "\r");
    return read;
  }
}
