package bedload.web.query;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.wire.RawHttp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The catalog in Datadog's second shape, asked as Datadog's clients ask. */
class DdsqlTest {
  private static final String EXECUTE = "/api/v2/ddsql/query/tabular";
  private static final String TABLE = "aws.bedrock_model_invocation_job";
  private static QueryDoor door;

  @BeforeAll
  static void open() {
    door = new QueryDoor();
    door.job(QueryDoor.MINE, "alpha", "Completed", Map.of("team", "ml", "empty", ""), 1);
    door.job(QueryDoor.MINE, "beta", "Failed", Map.of("region", "moon", "a:b", "c"), 1);
    door.job(QueryDoor.THEIRS, "theirs", "Failed", Map.of("team", "ml"), 1);
  }

  @AfterAll
  static void close() {
    door.close();
  }

  @Test
  void theTableHasDatadogsColumnsWithDatadogsTypes() {
    assertThat(columns("select * from %s order by job_name".formatted(TABLE)))
        .extracting(column -> column.get("name").asString() + " " + column.get("type").asString())
        .containsExactly(
            "_key VARCHAR",
            "account_id VARCHAR",
            "client_request_token VARCHAR",
            "end_time TIMESTAMP",
            "input_data_config JSON",
            "job_arn VARCHAR",
            "job_expiration_time TIMESTAMP",
            "job_name VARCHAR",
            "last_modified_time TIMESTAMP",
            "message VARCHAR",
            "model_id VARCHAR",
            "output_data_config JSON",
            "role_arn VARCHAR",
            "status VARCHAR",
            "submit_time TIMESTAMP",
            "tags HSTORE",
            "timeout_duration_in_hours BIGINT",
            "vpc_config JSON");
  }

  @Test
  void valuesStandInTheirColumnsAsDatadogWritesThem() {
    List<JsonNode> columns =
        columns(
            "select _key, submit_time, tags, input_data_config, timeout_duration_in_hours, vpc_config, array['x', null] from %s order by job_name"
                .formatted(TABLE));

    assertThat(columns.get(0).get("values").get(0).asString())
        .isEqualTo("arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/alpha");
    assertThat(columns.get(1).get("values").get(0).asLong())
        .isEqualTo(QueryDoor.SUBMITTED.toEpochMilli());
    assertThat(columns.get(2).get("values").get(0).toString())
        .isEqualTo("{\"team\":\"ml\",\"empty\":\"\",\"region\":\"us-east-1\"}");
    // One key, two values: sorted, with a comma between. A key ends at its first colon.
    assertThat(columns.get(2).get("values").get(1).toString())
        .isEqualTo("{\"a\":\"b:c\",\"region\":\"moon,us-east-1\"}");
    JsonNode struct = JsonMapper.shared().readTree(columns.get(3).get("values").get(0).asString());
    assertThat(struct.at("/s3_input_data_config/s3_uri").asString()).isEqualTo("s3://in/alpha");
    assertThat(columns.get(4).get("values").toString()).isEqualTo("[24,24]");
    assertThat(columns.get(5).get("values").toString()).isEqualTo("[null,null]");
    assertThat(columns.get(6).get("values").get(0).toString()).isEqualTo("[\"x\",null]");
  }

  /** What Datadog's reference documents, each with what it gives there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tags -> 'team' from T where job_name = 'alpha' | \"ml\"",
        "tags -> 'absent' from T where job_name = 'alpha' | null",
        "cardinality(akeys(tags)) from T where job_name = 'alpha' | 3",
        "array_to_string(avals(tags), '/') from T where job_name = 'beta' | \"b:c/moon,us-east-1\"",
        "count(*) from T where tags -> 'team' = 'ml' | 1",
        "json_extract_path_text(input_data_config, 's3_input_data_config', 's3_uri') from T where job_name = 'beta' | \"s3://in/beta\"",
        "json_extract_path(input_data_config, 's3_input_data_config') ->> 's3_uri' from T where job_name = 'beta' | \"s3://in/beta\"",
        "extract(dow from timestamp '2026-03-01 00:00:00') | 7",
        "extract(hour from submit_time) from T where job_name = 'alpha' | 12",
        "regexp_replace('abc', '(b)', '[$1]') | \"a[b]c\"",
        "regexp_replace('abcb', '(b)', '[$1]', 'g') | \"a[b]c[b]\"",
        "regexp_match('abc', 'b(.)') | [\"c\"]",
        "approx_percentile(0.5) within group (order by timeout_duration_in_hours) from T | 24",
        "date_trunc('day', submit_time) from T where job_name = 'alpha' | 1772323200000",
        "date_bin(interval '1 hour', submit_time, timestamp '2000-01-01') from T where job_name = 'alpha' | 1772366400000",
        "to_timestamp('2026-03-01', 'YYYY-MM-DD') | 1772323200000",
        "current_setting('dd.time_frame_start') | \"2026-03-01 00:00:00.000\"",
        "current_setting('dd.time_frame_end')::timestamp | 1772409600000",
        "array_position(array['a','b'], 'b') | 2",
        "string_agg(x, ',') from unnest(array['a','b']) as x | \"a,b\"",
        "split_part('a/b', '/', 2) | \"b\"",
        "cast('7' as bigint) | 7",
        "cast(1.5 as decimal) | 1.5",
        "true | true",
        "row_number() over (order by job_name) from T where job_name = 'alpha' | 1",
      })
  void documentedFunctionsGiveWhatTheyGiveThere(String question, String expected) {
    String sql = "select " + question.replace(" T", " " + TABLE);

    assertThat(columns(sql).getFirst().get("values").get(0).toString()).isEqualTo(expected);
  }

  @Test
  void aQuestionThatTakesLongIsFetchedOnceAndOnlyByItsAccount() {
    String slow =
        "select count(*) as n from generate_series(1, 4000) as a, generate_series(1, 4000) as b where (a * b) % 2 = 0";
    JsonNode first = attributes(execute(slow, Map.of()));
    assertThat(first.get("state").asString()).isEqualTo("running");
    assertThat(first.has("columns")).isFalse();
    String token = first.get("query_id").asString();

    assertThat(
            door.datadog(
                    EXECUTE + "/fetch",
                    "THEIRKEY",
                    "their-secret",
                    Map.of(
                        "type",
                        "ddsql_query_fetch_request",
                        "attributes",
                        Map.of("query_id", token)))
                .status())
        .isEqualTo(400);

    JsonNode attributes = completed(first);

    assertThat(attributes.at("/columns/0/values/0").asLong()).isEqualTo(12_000_000);
    assertThat(attributes.has("query_id")).isFalse();
    assertThat(fetch(token).status()).isEqualTo(400);
  }

  @Test
  void aCutAnswerSaysSo() {
    JsonNode attributes =
        completed(attributes(execute("select job_name from " + TABLE, Map.of("row_limit", 1))));

    assertThat(attributes.at("/columns/0/values").size()).isEqualTo(1);
    assertThat(attributes.get("warnings").get(0).asString()).contains("first 1");
  }

  @Test
  void whatIsWrongIsSaidInDatadogsForm() {
    assertThat(refusal(execute("select nope from " + TABLE, Map.of()))).contains("nope", "^");
    assertThat(refusal(execute("delete from " + TABLE, Map.of()))).contains("delete");
    assertThat(refusal(execute("select 1", Map.of("row_limit", 10_001)))).contains("row_limit");
    assertThat(refusal(execute("select 1", Map.of("time", Map.of("from_timestamp", 1)))))
        .contains("to_timestamp");
    assertThat(refusal(execute("", Map.of()))).contains("query");
    assertThat(refusal(door.datadog(EXECUTE, "MYKEY", "my-secret", Map.of("type", "other"))))
        .contains("ddsql_query_request");
  }

  @Test
  void withoutTheSecretOfTheKeyNothingIsAnswered() {
    for (String secret : List.of("", "wrong", "null")) {
      RawHttp.Reply reply = door.datadog(EXECUTE, "MYKEY", secret, data("select 1", Map.of()));
      assertThat(reply.status()).isEqualTo(403);
      assertThat(JsonMapper.shared().readTree(reply.body()).at("/errors/0/title").asString())
          .isEqualTo("Forbidden");
    }
  }

  @Test
  void anotherAccountsRowsAreNotThere() {
    assertThat(columns("select count(*) from " + TABLE).getFirst().at("/values/0").asInt())
        .isEqualTo(2);
  }

  private static RawHttp.Reply execute(String sql, Map<String, ?> more) {
    return door.datadog(EXECUTE, "MYKEY", "my-secret", data(sql, more));
  }

  private static RawHttp.Reply fetch(String token) {
    return door.datadog(
        EXECUTE + "/fetch",
        "MYKEY",
        "my-secret",
        Map.of("type", "ddsql_query_fetch_request", "attributes", Map.of("query_id", token)));
  }

  private static Map<String, ?> data(String sql, Map<String, ?> more) {
    long from = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("query", sql);
    attributes.put("time", Map.of("from_timestamp", from, "to_timestamp", from + 86_400_000));
    attributes.putAll(more);
    return Map.of("type", "ddsql_query_request", "attributes", attributes);
  }

  private static JsonNode attributes(RawHttp.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    JsonNode body = JsonMapper.shared().readTree(reply.body());
    assertThat(body.at("/data/type").asString()).isEqualTo("ddsql_query_response");
    assertThat(body.at("/meta/request_id").asString()).isNotEmpty();
    return body.at("/data/attributes");
  }

  private static List<JsonNode> columns(String sql) {
    JsonNode attributes = completed(attributes(execute(sql, Map.of())));
    return List.copyOf(attributes.get("columns").values());
  }

  /** Comes again until the answer is there, as Datadog's clients do. */
  private static JsonNode completed(JsonNode first) {
    JsonNode attributes = first;
    while (attributes.get("state").asString().equals("running")) {
      attributes = attributes(fetch(attributes.get("query_id").asString()));
    }
    assertThat(attributes.get("state").asString()).isEqualTo("completed");
    return attributes;
  }

  private static String refusal(RawHttp.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    JsonNode error = JsonMapper.shared().readTree(reply.body()).at("/errors/0");
    assertThat(error.get("status").asString()).isEqualTo("400");
    return error.get("detail").asString();
  }
}
