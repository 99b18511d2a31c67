package bedload.collect;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One queue of SQS, over HTTP: gives up to ten messages or waits for one as long as it is asked to,
 * and keeps each until it is deleted. What was given and not deleted can be made to come again.
 */
public final class FakeSqs implements AutoCloseable {
  private static final String PATH = "/111122223333/events";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, String> waiting = new LinkedHashMap<>();
  private final Map<String, String> given = new LinkedHashMap<>();
  private final List<Integer> waits = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  public FakeSqs() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), PATH));
  }

  public synchronized void send(String body) {
    waiting.put("m" + numbers.incrementAndGet(), body);
    notifyAll();
  }

  /** Makes what was given and not deleted come again, as it does after a while. */
  synchronized void giveAgain() {
    waiting.putAll(given);
    given.clear();
    notifyAll();
  }

  /** Returns how many messages are in the queue, those included that somebody has been given. */
  public synchronized int size() {
    return waiting.size() + given.size();
  }

  /** Returns how many seconds each receive was ready to wait. */
  synchronized List<Integer> waits() {
    return List.copyOf(waits);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      boolean isKnown = request.path("QueueUrl").asString("").equals(url().toString());
      Map<String, Object> answer =
          switch (isKnown ? target : "") {
            case "AmazonSQS.ReceiveMessage" -> receive(request);
            case "AmazonSQS.DeleteMessageBatch" -> delete(request);
            default ->
                Map.of("__type", "com.amazonaws.sqs#QueueDoesNotExist", "message", "no queue");
          };
      byte[] body = JSON.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
      exchange.sendResponseHeaders(answer.containsKey("__type") ? 400 : 200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Map<String, Object> receive(JsonNode request) throws InterruptedException {
    int seconds = request.path("WaitTimeSeconds").asInt(0);
    waits.add(seconds);
    notifyAll();
    long until = System.nanoTime() + seconds * 1_000_000_000L;
    while (waiting.isEmpty() && System.nanoTime() < until) {
      wait(100);
    }
    List<Map<String, String>> messages = new ArrayList<>();
    for (String id : List.copyOf(waiting.keySet())) {
      if (messages.size() < request.path("MaxNumberOfMessages").asInt(1)) {
        String body = Objects.requireNonNull(waiting.remove(id));
        given.put(id, body);
        messages.add(
            Map.of("MessageId", id, "ReceiptHandle", id, "Body", body, "MD5OfBody", md5(body)));
      }
    }
    return Map.of("Messages", messages);
  }

  private synchronized Map<String, Object> delete(JsonNode request) {
    List<Map<String, String>> deleted = new ArrayList<>();
    for (JsonNode entry : request.path("Entries")) {
      given.remove(entry.path("ReceiptHandle").asString(""));
      deleted.add(Map.of("Id", entry.path("Id").asString("")));
    }
    return Map.of("Successful", deleted, "Failed", List.of());
  }

  private static String md5(String body) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
