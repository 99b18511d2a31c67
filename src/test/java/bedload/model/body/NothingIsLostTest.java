package bedload.model.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** No member of a body is lost: each reaches the server or the answer, or fails the record. */
class NothingIsLostTest {
  private static final Served SERVED = Served.strictly("served");

  /** Objects within these are the caller's own, and go on whole. */
  private static final Set<String> FREE =
      Set.of("input_schema", "json", "input", "parameters", "outputs", "parameter_definitions");

  /** Members that are known to change nothing; docs/models.md names them. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("schemaVersion", "requestMetadata", "status");

  /** Members that change the answer's form, and not the request. */
  private static final Set<String> ABOUT_THE_ANSWER =
      Set.of("normalize", "embeddingTypes", "embedding_types", "input_type", "truncate");

  static Stream<GoldenCase> sent() {
    // A chat that goes on as it is has nothing to lose.
    return GoldenCase.all().stream()
        .filter(GoldenCase::isSent)
        .filter(golden -> golden.family() != Family.OPENAI_CHAT);
  }

  private static Optional<String> call(Family family, JsonNode request) {
    try {
      return Optional.of(
          new String(family.toServer(request, SERVED).body(), StandardCharsets.UTF_8));
    } catch (UnfitBody refused) {
      return Optional.empty();
    }
  }

  private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> objects) {
    if (node.isObject()) {
      objects.add(at);
      node.properties()
          .forEach(
              member -> {
                if (!FREE.contains(member.getKey())) {
                  collect(member.getValue(), at.appendProperty(member.getKey()), objects);
                }
              });
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), at.appendIndex(i), objects);
      }
    }
  }

  private static List<JsonPointer> objects(JsonNode request) {
    List<JsonPointer> objects = new ArrayList<>();
    collect(request, JsonPointer.empty(), objects);
    return objects;
  }

  @ParameterizedTest
  @MethodSource("sent")
  void aMemberThatNobodyKnowsFailsTheRecordWhereverItStands(GoldenCase golden) {
    for (JsonPointer at : objects(golden.request())) {
      JsonNode request = golden.request().deepCopy();
      ((ObjectNode) request.at(at)).put("unheard_of", 1);

      assertThatThrownBy(() -> golden.family().toServer(request, SERVED))
          .as("%s at '%s'", golden, at)
          .isInstanceOf(UnfitBody.class);
    }
  }

  @ParameterizedTest
  @MethodSource("sent")
  void everyMemberCounts(GoldenCase golden) {
    Optional<String> whole = call(golden.family(), golden.request());
    for (JsonPointer at : objects(golden.request())) {
      for (String name : List.copyOf(golden.request().at(at).propertyNames())) {
        if (WITHOUT_EFFECT.contains(name) || ABOUT_THE_ANSWER.contains(name)) {
          continue;
        }
        JsonNode request = golden.request().deepCopy();
        ((ObjectNode) request.at(at)).remove(name);

        assertThat(call(golden.family(), request))
            .as("%s without '%s/%s'", golden, at, name)
            .isNotEqualTo(whole);
      }
    }
  }
}
