package bedload.web.query;

import bedload.catalog.DdsqlText;
import bedload.catalog.QuestionFault;
import bedload.wire.AccessKey;
import bedload.wire.AccessKeys;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The catalog by Datadog's API of SQL, so that its clients ask here: {@code POST
 * /api/v2/ddsql/query/tabular} and its {@code /fetch}. {@code DD-API-KEY} is an account's access
 * key id and {@code DD-APPLICATION-KEY} the secret; or a bearer key comes as such.
 */
public final class DdsqlRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(DdsqlRoutes.class);
  private static final String EXECUTE = "/api/v2/ddsql/query/tabular";
  private static final String BEARER = "Bearer ";

  private final DdsqlQueries queries;
  private final AccessKeys keys;

  /** Makes the routes. */
  public DdsqlRoutes(DdsqlQueries queries, AccessKeys keys) {
    this.queries = queries;
    this.keys = keys;
  }

  /** Adds the routes. */
  public void addTo(JavalinConfig config) {
    config.routes.post(EXECUTE, context -> answer(context, "ddsql_query_request", this::execute));
    config.routes.post(
        EXECUTE + "/fetch", context -> answer(context, "ddsql_query_fetch_request", this::fetch));
  }

  private interface Answering {
    DdsqlQueries.State answer(String account, JsonNode attributes) throws InterruptedException;
  }

  /** A request that is refused. */
  private static final class RefusedException extends RuntimeException {
    private final HttpStatus status;

    RefusedException(HttpStatus status, String detail) {
      super(detail, null, false, false);
      this.status = status;
    }
  }

  private void answer(Context context, String type, Answering answering)
      throws InterruptedException {
    long began = System.nanoTime();
    try {
      JsonNode attributes = attributes(context.bodyAsBytes(), type);
      DdsqlQueries.State state = answering.answer(account(context), attributes);
      context.json(document(state, Duration.ofNanos(System.nanoTime() - began)));
    } catch (RefusedException refused) {
      refuse(context, refused.status, String.valueOf(refused.getMessage()));
    } catch (QuestionFault fault) {
      refuse(context, HttpStatus.BAD_REQUEST, fault.sentence());
    } catch (RuntimeException trouble) {
      LOG.error("{} failed", context.path(), trouble);
      refuse(
          context,
          HttpStatus.INTERNAL_SERVER_ERROR,
          "The service could not answer. Its log says why.");
    }
  }

  private DdsqlQueries.State execute(String account, JsonNode attributes)
      throws InterruptedException {
    String query = text(attributes, "query");
    JsonNode time = attributes.path("time");
    Instant from = moment(time, "from_timestamp");
    Instant to = moment(time, "to_timestamp");
    if (!from.isBefore(to)) {
      throw bad("time.from_timestamp must be before time.to_timestamp");
    }
    int rows = rowLimit(attributes.path("row_limit"));
    return queries
        .execute(account, DdsqlText.ask(query, rows, from, to))
        .orElseThrow(
            () ->
                new RefusedException(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "%d queries of this account are open. Fetch their results, or wait for two minutes."
                        .formatted(DdsqlQueries.MOST_OPEN)));
  }

  private DdsqlQueries.State fetch(String account, JsonNode attributes)
      throws InterruptedException {
    return queries
        .fetch(account, text(attributes, "query_id"))
        .orElseThrow(
            () ->
                bad(
                    "There is no query of that query_id: a result is handed out once, and one that nobody fetches is dropped after two minutes."));
  }

  private String account(Context context) {
    String authorization = String.valueOf(context.header("Authorization"));
    Optional<String> account =
        authorization.startsWith(BEARER)
            ? keys.accountOfBearer(authorization.substring(BEARER.length()).strip())
            : keys.find(String.valueOf(context.header("DD-API-KEY")))
                .filter(key -> isSecret(key, String.valueOf(context.header("DD-APPLICATION-KEY"))))
                .map(AccessKey::account);
    return account.orElseThrow(
        () ->
            new RefusedException(
                HttpStatus.FORBIDDEN,
                "DD-API-KEY must be an access key id of this service and DD-APPLICATION-KEY its secret access key; or Authorization must be Bearer and a bearer key."));
  }

  private static boolean isSecret(AccessKey key, String given) {
    // In constant time: how long it takes must not tell how much of a guess was right.
    return key.sessionToken() == null
        && MessageDigest.isEqual(
            key.secret().getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode attributes(byte[] body, String type) {
    JsonNode data;
    try {
      data = JsonMapper.shared().readTree(body).path("data");
    } catch (JacksonException e) {
      throw bad("The body is not JSON: " + e.getOriginalMessage());
    }
    if (!data.path("type").asString("").equals(type)) {
      throw bad("data.type must be " + type);
    }
    return data.path("attributes");
  }

  private static String text(JsonNode attributes, String name) {
    JsonNode value = attributes.path(name);
    if (!value.isString() || value.asString().isBlank()) {
      throw bad("data.attributes.%s must be a text that is not empty".formatted(name));
    }
    return value.asString();
  }

  private static Instant moment(JsonNode time, String name) {
    JsonNode value = time.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || Math.abs(value.asLong()) > 1e14) {
      throw bad("data.attributes.time.%s must be milliseconds since 1970".formatted(name));
    }
    return Instant.ofEpochMilli(value.asLong());
  }

  private static int rowLimit(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return QueryRequest.DEFAULT_ROWS;
    }
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > QueryRequest.MOST_ROWS) {
      throw bad("data.attributes.row_limit must be 1 to %d".formatted(QueryRequest.MOST_ROWS));
    }
    return value.asInt();
  }

  private static RefusedException bad(String detail) {
    return new RefusedException(HttpStatus.BAD_REQUEST, detail);
  }

  private static Map<String, Object> document(DdsqlQueries.State state, Duration took) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    switch (state) {
      case DdsqlQueries.State.Running(String token) -> {
        attributes.put("state", "running");
        attributes.put("query_id", token);
      }
      case DdsqlQueries.State.Completed(var reply) -> {
        attributes.put("state", "completed");
        attributes.put("columns", DdsqlColumns.of(reply));
        if (reply.isCut()) {
          attributes.put(
              "warnings",
              List.of(
                  "There are more rows than row_limit; these are the first %d."
                      .formatted(reply.rows().size())));
        }
      }
    }
    String id = UUID.randomUUID().toString();
    return Map.of(
        "data",
        Map.of("id", id, "type", "ddsql_query_response", "attributes", attributes),
        "meta",
        Map.of("elapsed", took.toMillis(), "request_id", id));
  }

  private static void refuse(Context context, HttpStatus status, String detail) {
    // Its clients read the one as a list of texts, and the others as a list of objects.
    Object error =
        status == HttpStatus.TOO_MANY_REQUESTS
            ? detail
            : Map.of(
                "status",
                Integer.toString(status.getCode()),
                "title",
                status.getMessage(),
                "detail",
                detail);
    context.status(status).json(Map.of("errors", List.of(error)));
  }
}
