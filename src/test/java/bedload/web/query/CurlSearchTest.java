package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Searches as people send them by the curl of this machine, which signs a query in its own way. */
class CurlSearchTest {
  private static final QueryDoor DOOR = new QueryDoor();

  @BeforeAll
  static void fill() {
    Needs.command("curl");
    DOOR.job(MINE, "c", "Failed", Map.of("lang", "c++", "team", "search"), 1);
    DOOR.job(MINE, "d", "Failed", Map.of("lang", "c  ", "team", "ml"), 1);
    DOOR.job(MINE, "e", "Completed", Map.of("lang", "c", "team", "search"), 1);
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  private static JsonNode curl(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl", "-s", "--aws-sigv4", "aws:amz:us-east-1:bedrock", "-u", "MYKEY:my-secret"));
    command.addAll(List.of(arguments));
    Process curl = new ProcessBuilder(command).start();
    String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return JsonMapper.shared().readTree(answer);
  }

  private static List<String> names(JsonNode answer) {
    assertThat(answer.has("rows")).as(answer.toString()).isTrue();
    return answer.get("rows").valueStream().map(row -> row.get("job_name").asString()).toList();
  }

  @Test
  void queryIsTakenHoweverItsParametersStandAndAreWritten() throws IOException {
    String url = DOOR.url("/v1/resources").toString();
    assertThat(names(curl(url + "?q=status%3AFailed%20team%3Asearch&facets=")))
        .containsExactly("c");
    assertThat(names(curl(url + "?type=aws_bedrock_model_invocation_job&q=status:Failed&facets=")))
        .containsExactlyInAnyOrder("c", "d");
    assertThat(names(curl(url + "?q=status:(Failed%20OR%20Expired)+team:search")))
        .containsExactly("c");
  }

  @Test
  void urlencodedSearchIsTakenAsItWasTyped() throws IOException {
    String url = DOOR.url("/v1/resources").toString();
    assertThat(names(curl("-G", url, "--data-urlencode", "q=status:Failed team:search")))
        .containsExactly("c");
    assertThat(names(curl("-G", url, "--data-urlencode", "q=lang:c++"))).containsExactly("c");
  }

  @Test
  void aSignatureOfAnotherQueryIsRefused() throws IOException {
    Process curl =
        new ProcessBuilder(
                "curl",
                "-sv",
                "--aws-sigv4",
                "aws:amz:us-east-1:bedrock",
                "-u",
                "MYKEY:my-secret",
                DOOR.url("/v1/resources?q=team:ml").toString())
            .redirectErrorStream(true)
            .start();
    String told = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = header(told, "Authorization: ");
    String date = header(told, "X-Amz-Date: ");

    Process replayed =
        new ProcessBuilder(
                "curl",
                "-s",
                "-H",
                "Authorization: " + authorization,
                "-H",
                "X-Amz-Date: " + date,
                DOOR.url("/v1/resources?q=team:search").toString())
            .start();
    assertThat(new String(replayed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("signature we calculated does not match");
  }

  private static String header(String told, String name) {
    return told.lines()
        .filter(line -> line.regionMatches(true, 0, "> " + name, 0, name.length() + 2))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 2);
  }
}
