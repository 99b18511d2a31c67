package bedload.web.query;

import bedload.catalog.Catalog;
import bedload.catalog.ReaderLogin;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceObservation;
import bedload.catalog.ResourceTypes;
import bedload.catalog.Right;
import bedload.catalog.TestReaders;
import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.web.mcp.McpOperations;
import bedload.wire.AccessKey;
import bedload.wire.AwsDoor;
import bedload.wire.FixedAccessKeys;
import bedload.wire.HttpFront;
import bedload.wire.ListenAddress;
import bedload.wire.Operation;
import bedload.wire.RawHttp;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A catalog of two accounts behind a real door, and a client of each by its bearer key. */
public final class QueryDoor implements AutoCloseable {
  public static final String MINE = "000000000000";
  public static final String THEIRS = "999999999999";
  public static final Instant SUBMITTED = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final String TABLE = "aws_bedrock_model_invocation_job";
  private static final JsonMapper JSON = JsonMapper.shared();

  final Database database = TestDatabase.create();
  final Catalog catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());
  private final ReadingDesk desk =
      new ReadingDesk(
          database.address(),
          account ->
              account.equals("111111111111")
                  ? Optional.empty()
                  : Optional.of(new ReaderLogin(TestReaders.role(database, account), "secret")));
  private final ReadingDesk maskedDesk =
      new ReadingDesk(
          database.address(),
          account ->
              Optional.of(new ReaderLogin(TestReaders.maskedRole(database, account), "secret")));
  private final FixedAccessKeys keys =
      new FixedAccessKeys(
          List.of(
              new AccessKey("MYKEY", MINE, "my-secret"),
              new AccessKey("THEIRKEY", THEIRS, "their-secret")),
          Map.of("mine", MINE, "theirs", THEIRS, "nobody", "111111111111"));
  private final DdsqlQueries ddsql =
      new DdsqlQueries(desk, InstantSource.system(), new SecureRandom(), Duration.ofMillis(300));
  private final DdsqlRoutes datadog = new DdsqlRoutes(ddsql, keys);
  private final Changes changes =
      new Changes(desk, ResourceTypes.builtIn(), InstantSource.system());
  private final HttpFront front;

  /** Opens the door. */
  public QueryDoor() {
    catalog.admit(MINE, "secret");
    catalog.admit(THEIRS, "secret");
    catalog.admit(MINE, Right.of(Set.of(MINE), Set.of(MINE)).masked(), "secret");
    InstantSource clock = InstantSource.fixed(SUBMITTED.plus(Duration.ofDays(3)));
    List<Operation> operations =
        new ArrayList<>(QueryOperations.over(desk, ResourceTypes.builtIn(), clock, changes));
    operations.addAll(
        McpOperations.over(desk, maskedDesk, ResourceTypes.builtIn(), clock, "1.2.3"));
    front =
        HttpFront.start(
            new ListenAddress("127.0.0.1", 0),
            new AwsDoor(operations, keys, InstantSource.system(), "us-east-1"),
            datadog::addTo);
    front.beforeStop(changes::close);
  }

  /** Puts a job into the catalog, as it was so many seconds after its submission. */
  public void job(
      String account, String name, String status, @Nullable Map<String, String> tags, int seconds) {
    catalog.record(observation(account, name, status, tags, seconds));
  }

  /** Returns what is to be seen of a job so many seconds after its submission. */
  public ResourceObservation observation(
      String account, String name, String status, @Nullable Map<String, String> tags, int seconds) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put(
        "jobArn", "arn:aws:bedrock:us-east-1:%s:model-invocation-job/%s".formatted(account, name));
    document.put("jobName", name);
    document.put("modelId", "amazon.titan-embed-text-v2:0");
    document.put("roleArn", "arn:aws:iam::" + account + ":role/batch");
    document.put("status", status);
    document.put("submitTime", SUBMITTED);
    document.put("timeoutDurationInHours", 24);
    document.put(
        "inputDataConfig", Map.of("s3InputDataConfig", Map.of("s3Uri", "s3://in/" + name)));
    document.put("outputDataConfig", Map.of("s3OutputDataConfig", Map.of("s3Uri", "s3://out/")));
    return new ResourceObservation(
        catalog.type(TABLE),
        account,
        "us-east-1",
        document,
        tags,
        seconds,
        SUBMITTED.plusSeconds(seconds));
  }

  /** Sends a body and returns the answer. */
  public RawHttp.Reply post(String key, String path, Map<String, ?> body) {
    byte[] bytes = JSON.writeValueAsBytes(body);
    return RawHttp.send(
        front.port(),
        "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, key, bytes.length, new String(bytes, StandardCharsets.UTF_8)));
  }

  RawHttp.Reply get(String key, String path) {
    return send("GET", key, path);
  }

  /** Sends a request without a body and returns the answer. */
  public RawHttp.Reply send(String method, String key, String path) {
    return RawHttp.send(
        front.port(),
        method
            + " %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, key));
  }

  /** Calls a tool as an agent does. */
  public RawHttp.Reply tool(String key, String tool, Map<String, ?> arguments) {
    return post(
        key,
        "/mcp",
        Map.of(
            "jsonrpc",
            "2.0",
            "id",
            7,
            "method",
            "tools/call",
            "params",
            Map.of("name", tool, "arguments", arguments)));
  }

  /** Sends what Datadog's client sends. */
  RawHttp.Reply datadog(String path, String key, String secret, Map<String, ?> data) {
    byte[] bytes = JSON.writeValueAsBytes(Map.of("data", data));
    return RawHttp.send(
        front.port(),
        "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nDD-API-KEY: %s\r\nDD-APPLICATION-KEY: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, key, secret, bytes.length, new String(bytes, StandardCharsets.UTF_8)));
  }

  /** Returns where a path of the door is. */
  URI url(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(front.port(), path));
  }

  /** Returns the answer to a question that is answered. */
  public JsonNode ask(String sql) {
    return ask(Map.of("sql", sql));
  }

  JsonNode ask(Map<String, ?> body) {
    RawHttp.Reply reply = post("mine", "/v1/query", body);
    if (reply.status() != 200) {
      throw new AssertionError(reply.text());
    }
    return JSON.readTree(reply.body());
  }

  /** Returns the sentences with which a question is refused. */
  String refusal(Map<String, ?> body) {
    RawHttp.Reply reply = post("mine", "/v1/query", body);
    if (reply.status() != 400) {
      throw new AssertionError(reply.text());
    }
    return JSON.readTree(reply.body()).get("message").asString();
  }

  @Override
  public void close() {
    front.close();
    ddsql.close();
    desk.close();
    maskedDesk.close();
    database.close();
  }
}
