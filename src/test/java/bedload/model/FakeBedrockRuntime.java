package bedload.model;

import bedload.wire.CallFault;
import bedload.wire.TestSignatures;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bedrock's runtime as its callers see it: InvokeModel and Converse over a real socket, each call
 * refused unless its signature, or its API key, is right. Answers as a model that repeats what it
 * was told, with the headers that count tokens.
 */
final class FakeBedrockRuntime implements AutoCloseable {
  static final String ACCESS_KEY = "AKIDFAKEBEDROCK";
  static final String SECRET = "a-secret-that-no-message-may-hold";
  static final String API_KEY = "an-api-key-that-no-message-may-hold";

  /** A call that passed the door. */
  record Received(String path, Map<String, String> headers, String region, JsonNode body) {}

  /** What is answered instead of the usual. */
  record Reply(int status, Map<String, String> headers, String body) {
    /** Returns an error as Bedrock writes it. */
    static Reply error(int status, String type, String message) {
      return new Reply(
          status,
          Map.of(
              "x-amzn-ErrorType", type + ":http://internal.amazon.com/coral/com.amazon.bedrock/"),
          "{\"message\":\"%s\"}".formatted(message));
    }
  }

  private final HttpServer server;
  private final TestSignatures signatures =
      new TestSignatures(ACCESS_KEY, SECRET, InstantSource.system());
  private final Function<Received, Reply> behaviour;
  private final List<Received> received = new CopyOnWriteArrayList<>();

  private FakeBedrockRuntime(Function<Received, Reply> behaviour) {
    this.behaviour = behaviour;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /** Starts one that answers as a model would. */
  static FakeBedrockRuntime start() {
    return start(FakeBedrockRuntime::repeated);
  }

  static FakeBedrockRuntime start(Function<Received, Reply> behaviour) {
    return new FakeBedrockRuntime(behaviour);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Returns the calls that were signed rightly, in their order. */
  List<Received> received() {
    return received;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    String path = exchange.getRequestURI().getRawPath();
    Reply reply;
    try {
      Received call =
          new Received(
              path, headers, region(path, headers, body), JsonMapper.shared().readTree(body));
      received.add(call);
      reply = behaviour.apply(call);
    } catch (CallFault fault) {
      reply = Reply.error(403, fault.error().wireName(), fault.sentence());
    }
    byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private String region(String path, Map<String, String> headers, byte[] body) {
    return headers.getOrDefault("authorization", "").equals("Bearer " + API_KEY)
        ? "by key"
        : signatures.regionOf(path, headers, body);
  }

  /** Returns the answer of a model that repeats, in the form of what was called. */
  static Reply repeated(Received call) {
    ObjectNode answer = JsonMapper.shared().createObjectNode();
    Map<String, String> counts = Map.of();
    if (call.path().endsWith("/converse")) {
      answer
          .putObject("output")
          .putObject("message")
          .put("role", "assistant")
          .putArray("content")
          .addObject()
          .put("text", call.body().path("messages").toString());
      answer.put("stopReason", "end_turn");
      answer
          .putObject("usage")
          .put("inputTokens", 11)
          .put("outputTokens", 7)
          .put("totalTokens", 118)
          .put("cacheReadInputTokens", 100);
      answer.putObject("metrics").put("latencyMs", 5);
    } else {
      answer.put("type", "message").put("text", call.body().toString());
      counts =
          Map.of(
              "X-Amzn-Bedrock-Input-Token-Count", "11",
              "X-Amzn-Bedrock-Output-Token-Count", "7",
              "X-Amzn-Bedrock-Cache-Write-Input-Token-Count", "100");
    }
    return new Reply(200, counts, answer.toString());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
