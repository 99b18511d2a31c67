package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.NodePackages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Datadog's own client for JavaScript, which takes the catalog for Datadog. */
@Tag("slow")
class DatadogClientTest {
  private static final Path RESOURCES =
      Path.of("src", "test", "resources", "bedload", "web", "query");
  private static final QueryDoor DOOR = new QueryDoor();
  private static Path modules = RESOURCES;

  @BeforeAll
  static void install() throws IOException {
    modules = NodePackages.install("datadog", RESOURCES.resolve("package.json"));
    DOOR.job(MINE, "alpha", "Completed", Map.of("team", "ml"), 1);
    DOOR.job(MINE, "beta", "Failed", Map.of("team", "search"), 1);
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  private static JsonNode ask(String query) throws IOException {
    String door = DOOR.url("").toString();
    ProcessBuilder node =
        new ProcessBuilder(
            "node", RESOURCES.resolve("datadog_story.js").toAbsolutePath().toString(), door, query);
    node.environment().put("NODE_PATH", modules.toString());
    Process asked = node.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String told = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(told).startsWith("{");
    return JsonMapper.shared().readTree(told);
  }

  @Test
  void columnsComeWithTheirTypesAndValues() throws IOException {
    JsonNode answer =
        ask(
            "select job_name, tags -> 'team' as team, timeout_duration_in_hours as hours from"
                + " aws.bedrock_model_invocation_job order by 1");
    assertThat(answer.get("columns").toString())
        .isEqualTo(
            "[[\"job_name\",\"VARCHAR\",[\"alpha\",\"beta\"]],[\"team\",\"VARCHAR\",[\"ml\",\"search\"]],[\"hours\",\"BIGINT\",[24,24]]]");
  }

  @Test
  void longQuestionIsFetched() throws IOException {
    JsonNode answer =
        ask(
            "select count(*) as n from generate_series(1, 4000) as a, generate_series(1, 4000) as b"
                + " where (a * b) % 2 = 0");
    assertThat(answer.get("fetches").asInt()).isPositive();
    assertThat(answer.at("/columns/0/2/0").asLong()).isEqualTo(12_000_000);
  }

  @Test
  void refusalIsAnErrorOfTheClientWithTheSentence() throws IOException {
    JsonNode answer = ask("select job_nam from aws.bedrock_model_invocation_job");
    assertThat(answer.get("code").asInt()).isEqualTo(400);
    assertThat(answer.get("body").toString()).contains("job_nam", "does not exist");
  }
}
