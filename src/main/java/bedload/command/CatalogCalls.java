package bedload.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a call that carries {@link #INSTEAD} into that call to the catalog, before it is signed. So
 * it goes to the same endpoint, with the same keys, retries and faults as every other, wherever the
 * SDK found those.
 */
final class CatalogCalls implements ExecutionInterceptor {
  /** What is called instead. */
  static final ExecutionAttribute<Ask> INSTEAD = new ExecutionAttribute<>("bedload.instead");

  /** The most that the catalog gives at once. */
  static final int MOST_ROWS = 10_000;

  /**
   * A call to the catalog.
   *
   * @param body empty for a GET
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes go on uncopied; nobody compares calls
  record Ask(SdkHttpMethod method, String path, Map<String, String> query, byte[] body) {
    Ask {
      query = Map.copyOf(query);
    }
  }

  /** Returns a question in SQL whose {@code $1} is an array of texts. */
  static Ask question(String sql, List<String> texts) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("sql", sql);
    body.put("row_limit", MOST_ROWS);
    texts.forEach(body.putArray("params").addArray()::add);
    return post("/v1/query", body);
  }

  /** Returns a search for resources of a type. */
  static Ask search(String type, String text, int limit) {
    return new Ask(
        SdkHttpMethod.GET,
        "/v1/resources",
        Map.of("q", text, "type", type, "limit", Integer.toString(Math.min(limit, MOST_ROWS))),
        new byte[0]);
  }

  /** Returns a GET of a path. */
  static Ask get(String path) {
    return new Ask(SdkHttpMethod.GET, path, Map.of(), new byte[0]);
  }

  /** Returns what carries an agent's message. */
  static Ask agentMessage(JsonNode message, boolean isMasked) {
    return new Ask(
        SdkHttpMethod.POST,
        "/mcp",
        isMasked ? Map.of("masked", "true") : Map.of(),
        JsonMapper.shared().writeValueAsBytes(message));
  }

  /** Returns a POST of a JSON document. */
  static Ask post(String path, Object document) {
    return new Ask(
        SdkHttpMethod.POST, path, Map.of(), JsonMapper.shared().writeValueAsBytes(document));
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    Ask ask = attributes.getAttribute(INSTEAD);
    if (ask == null) {
      return context.httpRequest();
    }
    SdkHttpRequest.Builder request =
        context.httpRequest().toBuilder()
            .method(ask.method())
            .encodedPath(ask.path())
            .clearQueryParameters();
    ask.query().forEach(request::putRawQueryParameter);
    if (ask.body().length > 0) {
      request
          .putHeader("Content-Type", "application/json")
          .putHeader("Content-Length", Integer.toString(ask.body().length));
    }
    return request.build();
  }

  @Override
  public Optional<RequestBody> modifyHttpContent(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    Ask ask = attributes.getAttribute(INSTEAD);
    return ask == null || ask.body().length == 0
        ? context.requestBody()
        : Optional.of(RequestBody.fromBytes(ask.body()));
  }
}
