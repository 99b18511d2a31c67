package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.ResourceObservation;
import bedload.catalog.Right;
import bedload.wire.RawHttp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whoever may see rows but not what users fed finds out nothing of it, however it is asked. */
class MaskedColumnsTest {
  private static final String COLLECTED = "111122223333";

  /** Its end has a letter that no request's id has. */
  private static final String SECRET = "Swordfish Q711";

  private static final String MESSAGE = "Line 7 is '" + SECRET + "'";
  private static final QueryDoor DOOR = new QueryDoor();

  @BeforeAll
  static void fill() {
    failed(COLLECTED, "collected", "Validating", null, 1);
    failed(COLLECTED, "collected", "Failed", MESSAGE, 2);
    failed(MINE, "own", "Failed", "Mine: 1 of 2", 1);
    DOOR.catalog.admit(MINE, Right.of(Set.of(MINE, COLLECTED), Set.of(MINE)), "secret");
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  private static void failed(
      String account, String name, String status, @Nullable String message, int seconds) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put(
        "jobArn", "arn:aws:bedrock:us-east-1:%s:model-invocation-job/%s".formatted(account, name));
    document.put("jobName", name);
    document.put("status", status);
    document.put("submitTime", QueryDoor.SUBMITTED);
    document.put("inputDataConfig", Map.of("s3InputDataConfig", Map.of("s3Uri", "s3://in/")));
    document.put("outputDataConfig", Map.of("s3OutputDataConfig", Map.of("s3Uri", "s3://out/")));
    if (message != null) {
      document.put("message", message);
    }
    DOOR.catalog.record(
        new ResourceObservation(
            DOOR.catalog.type("aws_bedrock_model_invocation_job"),
            account,
            "us-east-1",
            document,
            Map.of(),
            seconds,
            QueryDoor.SUBMITTED.plusSeconds(seconds)));
  }

  @Test
  void messageIsSeenOfOneAccountAndMaskedOfTheOther() {
    assertThat(
            DOOR.ask("select job_name, message from aws_bedrock_model_invocation_job order by 1")
                .get("rows")
                .toString())
        .isEqualTo(
            "[{\"job_name\":\"collected\",\"message\":\"(masked)\"},{\"job_name\":\"own\",\"message\":\"Mine: 1 of 2\"}]");
  }

  @Test
  void columnsSayWhichOfThemAreSensitive() {
    assertThat(
            DOOR.ask(
                    "select string_agg(table_name || '.' || column_name, ' ' order by 1) as n from catalog.columns where sensitive and table_name like '%invocation_job%'")
                .at("/rows/0/n")
                .asString())
        .contains(
            "job.message", "job_history.message", "job_errors.message", "job_input_faults.found");
  }

  /** Each would show a part of the message, or find the row by it, if it ever met the message. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select message from aws_bedrock_model_invocation_job",
        "select message from aws_bedrock_model_invocation_job_history",
        "select message from aws_bedrock_model_invocation_job_as_of(now())",
        "select message from catalog_as_of.aws_bedrock_model_invocation_job",
        "select message from aws.bedrock_model_invocation_job",
        "select job::text from aws_bedrock_model_invocation_job as job",
        "select to_jsonb(job) from aws_bedrock_model_invocation_job as job",
        "select query_to_xml('select * from aws_bedrock_model_invocation_job', true, true, '')::text",
        "select difference.* from aws_bedrock_model_invocation_job_history as a join aws_bedrock_model_invocation_job_history as b using (job_arn), catalog.difference(a, b)",
        "select 'Swordfish found' from aws_bedrock_model_invocation_job where message like '%ordfish%'",
        "select 'Swordfish found' from aws_bedrock_model_invocation_job where message ~ '^Line 7' and job_name = 'collected'",
        "select 'Swordfish found' from aws_bedrock_model_invocation_job where message > 'K' and job_name = 'collected'",
        "select 'Swordfish found' from aws_bedrock_model_invocation_job where length(message) = 24 and job_name = 'collected'",
        "select 'Swordfish found' from aws.bedrock_model_invocation_job where to_tsvector(message) @@ 'swordfish'",
        "select message::int from aws_bedrock_model_invocation_job where job_name = 'collected'",
        "select regexp_replace(message, '.*?(\\d+).*', '\\1')::date from aws_bedrock_model_invocation_job_history where job_name = 'collected'",
        "select 1 / (strpos(message, 'Swordfish') - 12) from aws_bedrock_model_invocation_job where job_name = 'collected'",
        "select max(message) over (), min(message) over (order by message desc) from aws_bedrock_model_invocation_job",
        "select string_agg(message, ',' order by message) from aws_bedrock_model_invocation_job_history",
        "select most_common_vals::text from pg_stats where attname = 'message'",
        "select histogram_bounds::text from pg_stats where tablename like '%invocation_job%'",
        "select table_to_xml('catalog.aws_bedrock_model_invocation_job', true, true, '')::text"
      })
  void noQuestionMeetsTheMessage(String sql) {
    DOOR.database.jdbi().useHandle(handle -> handle.execute("analyze"));
    String answer = DOOR.post("mine", "/v1/query", Map.of("sql", sql)).text();

    String rows = answer.contains("\"rows\"") ? answer : answer.replace(sql, "");
    assertThat(rows).doesNotContain("ordfish", "Q711", "Line 7", "division by zero");
  }

  @Test
  void searchFacetsGroupsAndExportsMeetItNeither() {
    for (String path :
        new String[] {
          "q=collected",
          "q=message%3A%2Aordfish%2A",
          "q=collected&facets=message",
          "q=collected&group_by=message",
          "q=collected&format=csv",
          "q=collected&format=jsonl"
        }) {
      RawHttp.Reply reply = DOOR.get("mine", "/v1/resources?" + path);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      String answer = reply.text().replace("%ordfish%", "");
      assertThat(answer).doesNotContain("ordfish", "Q711");
    }
    JsonNode found =
        JsonMapper.shared()
            .readTree(DOOR.get("mine", "/v1/resources?q=message%3A%2Aordfish%2A").body());
    assertThat(found.get("row_count").asInt()).isZero();
  }

  @Test
  void feedShowsTheChangeAndNotTheMessage() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) DOOR.url("/v1/changes?after=0-0&q=collected").toURL().openConnection();
    connection.setRequestProperty("Authorization", "Bearer mine");
    connection.setReadTimeout((int) Duration.ofSeconds(20).toMillis());
    StringBuilder told = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      while (!told.toString().contains("\"Failed\"")) {
        told.append(lines.readLine()).append('\n');
      }
    } finally {
      connection.disconnect();
    }
    assertThat(told.toString())
        .contains("\"message\":\"(masked)\"")
        .doesNotContain("ordfish", "Q711");
  }

  @Test
  void datadogsSqlMeetsItNeither() {
    String answer =
        DOOR.datadog(
                "/api/v2/ddsql/query/tabular",
                "MYKEY",
                "my-secret",
                Map.of(
                    "type",
                    "ddsql_query_request",
                    "attributes",
                    Map.of(
                        "query",
                        "select message, aws.bedrock_model_invocation_job.* from aws.bedrock_model_invocation_job",
                        "time",
                        Map.of("from_timestamp", 1, "to_timestamp", 2))))
            .text();
    assertThat(answer).contains("(masked)", "Mine: 1 of 2").doesNotContain("ordfish", "Q711");
  }
}
