package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static bedload.web.query.QueryDoor.SUBMITTED;
import static bedload.web.query.QueryDoor.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.wire.RawHttp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Questions over HTTP, answered under the role of the caller's account. */
class QueryTest {
  private static final QueryDoor DOOR = new QueryDoor();

  @BeforeAll
  static void fill() {
    DOOR.job(MINE, "nightly", "Submitted", Map.of("team", "ml"), 1);
    DOOR.job(MINE, "nightly", "Completed", Map.of("team", "ml"), 100);
    DOOR.job(MINE, "weekly", "Failed", Map.of("team", "it's \"x\"", "a", "1"), 50);
    DOOR.job(THEIRS, "theirs", "Failed", Map.of(), 1);
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  @Test
  void rowsAreObjectsWithNestedStructsAndColumnsHaveTypes() {
    JsonNode answer =
        DOOR.ask(
            "select job_name, input_data_config, tags, submit_time, timeout_duration_in_hours"
                + " from aws_bedrock_model_invocation_job order by job_name");

    assertThat(answer.get("row_count").intValue()).isEqualTo(2);
    assertThat(answer.get("truncated").booleanValue()).isFalse();
    assertThat(answer.get("took_ms").doubleValue()).isPositive();
    assertThat(answer.at("/columns/2/type").asString()).isEqualTo("text[]");
    assertThat(answer.at("/columns/3/type").asString()).isEqualTo("timestamptz");
    assertThat(answer.at("/columns/4/type").asString()).isEqualTo("int4");
    JsonNode row = answer.at("/rows/0");
    assertThat(row.propertyNames())
        .containsExactly(
            "job_name", "input_data_config", "tags", "submit_time", "timeout_duration_in_hours");
    assertThat(row.at("/input_data_config/s3_input_data_config/s3_uri").asString())
        .isEqualTo("s3://in/nightly");
    assertThat(row.at("/tags/0").asString()).isEqualTo("team:ml");
    assertThat(row.get("submit_time").asString()).isEqualTo("2026-03-01T12:00:00.123+00:00");
  }

  @Test
  void eachAccountSeesItsOwnRows() {
    Map<String, String> names =
        Map.of("sql", "select job_name from aws_bedrock_model_invocation_job", "format", "csv");
    assertThat(DOOR.post("theirs", "/v1/query", names).body()).isEqualTo("job_name\r\ntheirs\r\n");
    assertThat(DOOR.post("mine", "/v1/query", names).body())
        .contains("nightly", "weekly")
        .doesNotContain("theirs");
  }

  @Test
  void callerWithoutAKnownKeyOrWithoutARoleIsRefused() {
    assertThat(DOOR.post("guess", "/v1/query", Map.of("sql", "select 1")).status()).isEqualTo(403);
    RawHttp.Reply reply = DOOR.post("nobody", "/v1/query", Map.of("sql", "select 1"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("SQL for account 111111111111 is off");
  }

  @Test
  void parametersTakeTheTypeOfTheirUse() {
    JsonNode answer =
        DOOR.ask(
            Map.of(
                "sql",
                """
                select job_name, $4::text as quoted, '$1' as plain
                  from aws_bedrock_model_invocation_job
                 where submit_time < $1
                   and timeout_duration_in_hours = $2
                   and tags && $3
                   and ($5::text is null or status = $5)
                   and to_jsonb(tags) ? $4
                """,
                "params",
                Arrays.asList(
                    "2027-01-01", 24, List.of("team:it's \"x\"", "z"), "team:it's \"x\"", null)));

    assertThat(answer.at("/rows").size()).isEqualTo(1);
    assertThat(answer.at("/rows/0/job_name").asString()).isEqualTo("weekly");
    assertThat(answer.at("/rows/0/quoted").asString()).isEqualTo("team:it's \"x\"");
    assertThat(answer.at("/rows/0/plain").asString()).isEqualTo("$1");
  }

  @Test
  void parameterThatIsNotGivenIsNamed() {
    assertThat(DOOR.refusal(Map.of("sql", "select $2", "params", List.of("a"))))
        .contains("parameter $2", "given are 1");
  }

  @Test
  void dottedPathsLeadIntoStructs() {
    assertThat(
            DOOR.ask(
                    """
                    select j.input_data_config.s3_input_data_config.s3_uri as uri
                      from aws_bedrock_model_invocation_job as j
                     where output_data_config.s3_output_data_config.s3_uri = 's3://out/'
                       and j.job_name = 'nightly'
                    """)
                .at("/rows/0/uri")
                .asString())
        .isEqualTo("s3://in/nightly");
  }

  @Test
  void tableThatIsCalledLikeAStructKeepsItsMeaning() {
    assertThat(
            DOOR.ask("select vpc_config.subnet_ids from (select 'x' as subnet_ids) as vpc_config")
                .at("/rows/0/subnet_ids")
                .asString())
        .isEqualTo("x");
  }

  @Test
  void answerIsCutAtTheLimitAndSaysSo() {
    JsonNode answer = DOOR.ask("select n from generate_series(1, 6000) as n");
    assertThat(answer.get("row_count").intValue()).isEqualTo(5000);
    assertThat(answer.get("truncated").booleanValue()).isTrue();

    JsonNode most = DOOR.ask(Map.of("sql", "table catalog.tables", "row_limit", 1));
    assertThat(most.get("row_count").intValue()).isEqualTo(1);
    assertThat(DOOR.refusal(Map.of("sql", "select 1", "row_limit", 10_001))).contains("row_limit");
  }

  @Test
  void tablesAreAsTheyWereAtAMoment() {
    String sql = "select status from aws_bedrock_model_invocation_job where job_name = 'nightly'";
    String then = SUBMITTED.plusSeconds(60).toString();
    assertThat(DOOR.ask(Map.of("sql", sql, "as_of", then)).at("/rows/0/status").asString())
        .isEqualTo("Submitted");
    assertThat(DOOR.ask(sql).at("/rows/0/status").asString()).isEqualTo("Completed");
    assertThat(DOOR.refusal(Map.of("sql", sql, "as_of", "yesterday")))
        .contains("time with its zone");
  }

  @Test
  void csvQuotesWhatItMustAndTellsNullFromTheEmptyText() {
    RawHttp.Reply reply =
        DOOR.post(
            "mine",
            "/v1/query",
            Map.of(
                "sql",
                "select 'a,\"b\"' as \"x,y\", null as n, '' as e, array['p','q'] as l",
                "format",
                "csv"));
    assertThat(reply.header("Content-Type")).startsWith("text/csv");
    assertThat(reply.body())
        .isEqualTo("\"x,y\",n,e,l\r\n\"a,\"\"b\"\"\",,\"\",\"[\"\"p\"\",\"\"q\"\"]\"\r\n");
  }

  @Test
  void columnsOfOneNameAreToldApart() {
    JsonNode row = DOOR.ask("select 1 as a, 2 as a, 3 as a_2").at("/rows/0");
    assertThat(row.propertyNames()).containsExactly("a", "a_2", "a_2_2");
  }

  @Test
  void faultPointsAtThePlaceAndNamesWhatWasMeant() {
    assertThat(
            DOOR.refusal(
                Map.of(
                    "sql",
                    "select input_data_config.s3_input_data_config.s3_uri,\n       job_nam from aws_bedrock_model_invocation_job")))
        .contains("column \"job_nam\" does not exist", "  " + "       job_nam from", "         ^")
        .contains("job_name");
    assertThat(DOOR.refusal(Map.of("sql", "select 1 from aws_bedrock_model_invocation_jobs")))
        .contains("Perhaps you mean aws_bedrock_model_invocation_job.");
    assertThat(
            DOOR.refusal(
                Map.of(
                    "sql",
                    "select input_data_config.s3_input_data_config.s3_url from aws_bedrock_model_invocation_job")))
        .contains("Perhaps you mean s3_uri.");
  }
}
