package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static bedload.web.query.QueryDoor.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.wire.RawHttp;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A search finds what it says, and shows the SQL that does. */
class SearchResourcesTest {
  private static final QueryDoor DOOR = new QueryDoor();
  private static final String ARN_OF_MINE =
      "arn:aws:bedrock:us-east-1:" + MINE + ":model-invocation-job/";

  @BeforeAll
  static void fill() {
    DOOR.job(MINE, "nightly-labels", "Completed", Map.of("team", "ml", "env", "prod"), 1);
    DOOR.job(MINE, "nightly-50%_done", "Failed", Map.of("team", "search"), 1);
    DOOR.job(MINE, "weekly", "Expired", Map.of(), 1);
    DOOR.job(THEIRS, "theirs", "Failed", Map.of("team", "ml"), 1);
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          status:(Failed OR Expired)            | nightly-50%_done weekly
          status:failed                         | nightly-50%_done
          -status:Failed                        | nightly-labels weekly
          model:*titan*                         | nightly-50%_done nightly-labels weekly
          model:titan                           | ``
          team:ml                               | nightly-labels
          -team:ml                              | nightly-50%_done weekly
          team:*                                | nightly-50%_done nightly-labels
          -team:*                               | weekly
          team:s*ch                             | nightly-50%_done
          tags:env:prod                         | nightly-labels
          nightly                               | nightly-50%_done nightly-labels
          nightly -status:Failed                | nightly-labels
          NIGHT*                                | nightly-50%_done nightly-labels
          "50%_d"                               | nightly-50%_done
          "night*"                              | ``
          after:-7d                             | nightly-50%_done nightly-labels weekly
          after:-2d                             | ``
          before:2026-03-02                     | nightly-50%_done nightly-labels weekly
          before:2026-03-01T12:00:00Z           | ``
          message:*                             | ``
          timeout_duration_in_hours:24 weekly   | weekly
          input_data_config.s3_input_data_config.s3_uri:s3://in/weekly | weekly
          name:weekly                           | weekly
          {arn}weekly                           | weekly
          -{arn}weekly                          | nightly-50%_done nightly-labels
          ({arn}weekly OR {arn}nightly-labels)  | nightly-labels weekly
          job_arn:{arn}weekly                   | weekly
          arn:aws                               | ``
          status:(Failed OR Expired) model:*titan* -team:ml after:-7d week | weekly
          """)
  void searchFinds(String text, String names) {
    JsonNode answer = search(text.replace("{arn}", ARN_OF_MINE));
    assertThat(
            StreamSupport.stream(answer.get("rows").spliterator(), false)
                .map(row -> row.get("job_name").asString())
                .sorted()
                .collect(Collectors.joining(" ")))
        .isEqualTo(names);
    // What is shown is what was asked: it gives the same rows.
    assertThat(DOOR.ask(answer.get("sql").asString()).get("rows")).isEqualTo(answer.get("rows"));
  }

  @Test
  void facetsCountWhatWasFound() {
    JsonNode facets = search("nightly").get("facets");
    assertThat(facets.get("status").toString())
        .isEqualTo("[{\"value\":\"Completed\",\"count\":1},{\"value\":\"Failed\",\"count\":1}]");
    assertThat(facets.get("tags").toString())
        .isEqualTo(
            "[{\"value\":\"env:prod\",\"count\":1},{\"value\":\"team:ml\",\"count\":1},{\"value\":\"team:search\",\"count\":1}]");
  }

  @Test
  void facetsAreThoseAskedForAKeyOfTagsIncluded() {
    JsonNode facets = searchWith("-status:Expired", "&facets=status,team").get("facets");

    assertThat(facets.propertyNames()).containsExactly("status", "team");
    assertThat(facets.get("team").toString())
        .isEqualTo("[{\"value\":\"ml\",\"count\":1},{\"value\":\"search\",\"count\":1}]");
    assertThat(searchWith("", "&facets=").get("facets")).isEmpty();
  }

  @Test
  void aLimitOfRowsLeavesTheCountsWhole() {
    JsonNode answer = searchWith("", "&facets=status&group_by=team&limit=1");

    assertThat(answer.get("rows")).hasSize(1);
    assertThat(answer.get("facets").get("status")).hasSize(3);
    assertThat(answer.get("groups").get("values")).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "team   | [{'value':'ml','count':1},{'value':'search','count':1},{'value':null,'count':1}]",
        "status | [{'value':'Completed','count':1},{'value':'Expired','count':1},{'value':'Failed','count':1}]",
        "submit_time | [{'value':'2026-03-01T00:00:00+00:00','count':3}]",
        "input_data_config.s3_input_data_config.s3_input_format | [{'value':null,'count':3}]"
      },
      quoteCharacter = '`')
  void groupsCountEveryRowOnceAndShowTheirSql(String by, String expected) {
    JsonNode groups = searchWith("", "&group_by=" + by).get("groups");

    assertThat(groups.get("values").toString()).isEqualTo(expected.replace('\'', '"'));
    assertThat(DOOR.ask(groups.get("sql").asString()).get("rows")).isEqualTo(groups.get("values"));
  }

  @Test
  void aSearchIsExportedAsWell() {
    RawHttp.Reply csv = DOOR.get("mine", "/v1/resources?q=weekly&format=csv");
    assertThat(csv.text()).contains("text/csv");
    assertThat(csv.body().lines()).hasSize(2).first().asString().startsWith("account_id,");
    RawHttp.Reply lines = DOOR.get("mine", "/v1/resources?q=nightly&format=jsonl");
    assertThat(lines.body().lines())
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(JsonMapper.shared().readTree(line).get("job_name").asString())
                    .startsWith("nightly"));
    assertThat(DOOR.get("mine", "/v1/resources?format=xls").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status:(Failed",
        "status:()",
        "\"open",
        "after:yesterday",
        "status:",
        "timeout:x"
      })
  void whatCannotBeUnderstoodIsRefused(String text) {
    assertThat(get(text).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; drop table x; --",
        "status:'_or_true_--",
        "team:\\' or 1=1",
        "x:'||(select 1)||'",
        "\"' union select 1 --\""
      })
  void quotesInASearchAreJustText(String text) {
    JsonNode answer = search(text);
    assertThat(answer.get("rows")).isEmpty();
  }

  private static JsonNode search(String text) {
    RawHttp.Reply reply = get(text);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return JsonMapper.shared().readTree(reply.body());
  }

  private static JsonNode searchWith(String text, String parameters) {
    RawHttp.Reply reply = get(text, parameters);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return JsonMapper.shared().readTree(reply.body());
  }

  private static RawHttp.Reply get(String text) {
    return get(text, "");
  }

  private static RawHttp.Reply get(String text, String parameters) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    return DOOR.get("mine", "/v1/resources?q=" + encoded + parameters);
  }
}
