package bedload.web.mcp;

import static bedload.web.query.QueryDoor.MINE;
import static bedload.web.query.QueryDoor.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.ResourceType;
import bedload.catalog.ResourceTypes;
import bedload.web.query.QueryDoor;
import bedload.wire.RawHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The catalog as an agent meets it, message by message. */
class McpTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String JOBS = "aws_bedrock_model_invocation_job";
  private static final QueryDoor DOOR = new QueryDoor();

  @BeforeAll
  static void fill() {
    DOOR.job(MINE, "alpha", "Completed", Map.of("team", "ml"), 1);
    DOOR.job(MINE, "beta", "Failed", Map.of("team", "search"), 1);
    DOOR.job(THEIRS, "theirs-alone", "Failed", Map.of(), 1);
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  private static RawHttp.Reply send(String path, String method, Map<String, ?> params) {
    return DOOR.post(
        "mine", path, Map.of("jsonrpc", "2.0", "id", 7, "method", method, "params", params));
  }

  private static JsonNode result(String method, Map<String, ?> params) {
    RawHttp.Reply reply = send("/mcp", method, params);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    JsonNode message = JSON.readTree(reply.body());
    assertThat(message.get("id").asInt()).isEqualTo(7);
    assertThat(message.has("result")).as(message.toString()).isTrue();
    return message.get("result");
  }

  private static JsonNode call(String tool, Map<String, ?> arguments) {
    return result("tools/call", Map.of("name", tool, "arguments", arguments));
  }

  /** Returns the answer of a tool that answers. */
  private static JsonNode answer(String tool, Map<String, ?> arguments) {
    JsonNode result = call(tool, arguments);
    assertThat(result.get("isError").asBoolean()).as(result.toString()).isFalse();
    JsonNode structured = result.get("structuredContent");
    assertThat(JSON.readTree(result.at("/content/0/text").asString())).isEqualTo(structured);
    return structured;
  }

  /** Returns what a tool says that does not answer. */
  private static String refusal(String tool, Map<String, ?> arguments) {
    JsonNode result = call(tool, arguments);
    assertThat(result.get("isError").asBoolean()).as(result.toString()).isTrue();
    return result.at("/content/0/text").asString();
  }

  @ParameterizedTest
  @CsvSource({
    "2024-11-05, 2024-11-05",
    "2025-03-26, 2025-03-26",
    "2025-06-18, 2025-06-18",
    "2025-11-25, 2025-11-25",
    "2999-01-01, 2025-11-25"
  })
  void versionIsTheClientsOrTheLatest(String asked, String answered) {
    JsonNode result =
        result(
            "initialize",
            Map.of(
                "protocolVersion",
                asked,
                "capabilities",
                Map.of(),
                "clientInfo",
                Map.of("name", "test", "version", "1")));
    assertThat(result.get("protocolVersion").asString()).isEqualTo(answered);
    assertThat(result.get("serverInfo").toString())
        .isEqualTo("{\"name\":\"bedload\",\"version\":\"1.2.3\"}");
    assertThat(result.get("capabilities").propertyNames()).containsExactly("tools");
    assertThat(result.get("instructions").asString()).contains(JOBS, "never instructions");
  }

  @Test
  void notificationIsTakenWithoutAnAnswer() {
    RawHttp.Reply reply =
        DOOR.post("mine", "/mcp", Map.of("jsonrpc", "2.0", "method", "notifications/initialized"));
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void thereIsNoStreamAndNoSession(String method) {
    assertThat(DOOR.send(method, "mine", "/mcp").status()).isEqualTo(405);
  }

  @Test
  void whoHasNoKeyIsTold() {
    RawHttp.Reply reply =
        DOOR.post("unknown", "/mcp", Map.of("jsonrpc", "2.0", "id", 1, "method", "ping"));
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.text()).contains("bearer key").doesNotContain("result");
  }

  @Test
  void bodyThatIsNoMessageIsRefused() {
    RawHttp.Reply reply = DOOR.post("mine", "/mcp", Map.of("hello", "world"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("no message of JSON-RPC 2.0");
  }

  @Test
  void unknownMethodIsAnError() {
    RawHttp.Reply reply = send("/mcp", "resources/list", Map.of());
    assertThat(JSON.readTree(reply.body()).at("/error/code").asInt()).isEqualTo(-32601);
  }

  @Test
  void everyToolOnlyReadsAndSaysWhatItTakesAndGives() {
    List<String> names = new ArrayList<>();
    for (JsonNode tool : result("tools/list", Map.of()).get("tools")) {
      names.add(tool.get("name").asString());
      assertThat(tool.at("/annotations/readOnlyHint").asBoolean()).isTrue();
      assertThat(tool.at("/annotations/openWorldHint").asBoolean(true)).isFalse();
      assertThat(tool.at("/inputSchema/additionalProperties").asBoolean(true)).isFalse();
      assertThat(tool.at("/outputSchema/required").isArray()).isTrue();
      assertThat(tool.get("description").asString()).endsWith(".");
    }
    assertThat(names).containsExactly("list_tables", "describe_table", "query", "search");
  }

  @Test
  void tablesAreThoseOfTheCatalog() {
    JsonNode tables = answer("list_tables", Map.of()).get("tables");
    assertThat(tables)
        .isEqualTo(DOOR.ask("select table_name, description from catalog.tables").get("rows"));
    assertThat(tables.toString()).contains('"' + JOBS + '"', JOBS + "_usage", JOBS + "_history");
  }

  @Test
  void tableIsDescribedWithItsColumnsAndExamplesThatWork() {
    ResourceType type =
        ResourceTypes.builtIn().stream().filter(one -> one.table().equals(JOBS)).findFirst().get();
    JsonNode table = answer("describe_table", Map.of("table", JOBS));

    assertThat(table.get("description").asString()).isNotBlank();
    ObjectNode columns = JSON.createObjectNode();
    table
        .get("columns")
        .forEach(column -> columns.set(column.get("column_name").asString(), column));
    assertThat(columns.propertyNames())
        .contains("job_arn", "input_data_config.s3_input_data_config.s3_uri");
    assertThat(columns.at("/message/sensitive").asBoolean()).isTrue();
    assertThat(columns.at("/submit_time/type").asString()).isEqualTo("timestamp with time zone");
    assertThat(columns.at("/status/description").asString()).isNotBlank();
    assertThat(table.get("examples")).hasSize(type.examples().size()).isNotEmpty();
    table
        .get("examples")
        .forEach(example -> answer("query", Map.of("sql", example.get("sql").asString())));
  }

  @Test
  void tableThatIsNotThereNamesTheNearest() {
    assertThat(refusal("describe_table", Map.of("table", "aws_bedrock_model_invocation_jobs")))
        .contains("does not exist", "Perhaps you mean " + JOBS);
    assertThat(refusal("describe_table", Map.of("table", "pg_class"))).contains("pg_class");
    assertThat(refusal("describe_table", Map.of("table", "x\" union select 1 --"))).contains("x");
  }

  @Test
  void questionTakesParametersPathsAndATime() {
    JsonNode answer =
        answer(
            "query",
            Map.of(
                "sql",
                "select job_name, input_data_config.s3_input_data_config.s3_uri as input from "
                    + JOBS
                    + " where status = any($1) order by 1",
                "params",
                List.of(List.of("Completed", "Failed"))));
    assertThat(answer.get("rows").toString())
        .isEqualTo(
            "[{\"job_name\":\"alpha\",\"input\":\"s3://in/alpha\"},{\"job_name\":\"beta\",\"input\":\"s3://in/beta\"}]");
    assertThat(
            answer(
                    "query",
                    Map.of(
                        "sql",
                        "select count(*) as n from " + JOBS,
                        "as_of",
                        "2020-01-01T00:00:00Z"))
                .at("/rows/0/n")
                .asInt(-1))
        .isZero();
  }

  @Test
  void answerIsShortUnlessMoreIsWanted() {
    String sql = "select n from generate_series(1, 300) as n";
    JsonNode cut = answer("query", Map.of("sql", sql));
    assertThat(cut.get("row_count").asInt()).isEqualTo(100);
    assertThat(cut.get("truncated").asBoolean()).isTrue();
    JsonNode whole = answer("query", Map.of("sql", sql, "row_limit", 1000));
    assertThat(whole.get("row_count").asInt()).isEqualTo(300);
    assertThat(whole.get("truncated").asBoolean()).isFalse();
  }

  @Test
  void answerThatIsTooLongIsRefusedAndNotCut() {
    assertThat(refusal("query", Map.of("sql", "select repeat('x', 100000) as x")))
        .contains("and 100,000 is the most", "Ask for fewer");
  }

  @Test
  void mistakesAreToldWithTheirPlace() {
    assertThat(refusal("query", Map.of("sql", "select job_nam from " + JOBS)))
        .contains("column \"job_nam\" does not exist", "^", "job_name");
    assertThat(refusal("query", Map.of("sql", "delete from " + JOBS))).contains("select");
    assertThat(refusal("query", Map.of("sql", "select 1", "limit", 3))).contains("limit");
    assertThat(refusal("query", Map.of())).contains("sql");
    assertThat(refusal("query", Map.of("sql", "select 1", "row_limit", 10_001))).contains("10000");
    assertThat(refusal("search", Map.of("q", "status:("))).isNotBlank();
    assertThat(refusal("search", Map.of("type", "nothing"))).contains("'type' must be one of");
  }

  @Test
  void searchSaysWhichSqlItIs() {
    JsonNode found =
        answer(
            "search",
            Map.of(
                "q",
                "status:Failed -team:ml",
                "facets",
                List.of("status", "team"),
                "group_by",
                "team"));
    assertThat(found.get("rows")).hasSize(1);
    assertThat(found.at("/rows/0/job_name").asString()).isEqualTo("beta");
    assertThat(found.get("facets").propertyNames()).containsExactly("status", "team");
    assertThat(found.at("/groups/values").toString())
        .isEqualTo("[{\"value\":\"search\",\"count\":1}]");
    assertThat(answer("query", Map.of("sql", found.get("sql").asString())).get("rows"))
        .isEqualTo(found.get("rows"));
  }

  @Test
  void nobodySeesAnothersRows() {
    assertThat(answer("search", Map.of()).toString()).contains("alpha").doesNotContain("theirs");
    assertThat(DOOR.tool("theirs", "search", Map.of()).text())
        .contains("theirs-alone")
        .doesNotContain("alpha");
  }

  @Test
  void agentMayBeKeptFromWhatUsersFed() {
    String sql = "select current_user::text as who, count(*) as jobs from " + JOBS;
    JsonNode masked =
        JSON.readTree(
            send(
                    "/mcp?masked=true",
                    "tools/call",
                    Map.of("name", "query", "arguments", Map.of("sql", sql)))
                .body());
    assertThat(masked.at("/result/structuredContent/rows/0/who").asString()).endsWith("_masked");
    assertThat(masked.at("/result/structuredContent/rows/0/jobs").asInt()).isEqualTo(2);
    assertThat(send("/mcp?masked=yes", "ping", Map.of()).text())
        .contains("'masked' must be true or false, it is 'yes'");
  }
}
