package bedload.announce;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** A webhook's receiver: keeps what it got, and answers with the statuses that a test wants. */
final class WebhookReceiver implements AutoCloseable {
  /** A call: its signed headers, its body, and how it was answered. */
  record Call(
      @Nullable String id,
      @Nullable String timestamp,
      @Nullable String signature,
      String body,
      int status) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final IntUnaryOperator statusOfCall;

  /**
   * @param port 0 for a free one
   * @param statusOfCall the status for the call of that number, from 0
   */
  WebhookReceiver(int port, IntUnaryOperator statusOfCall) {
    this.statusOfCall = statusOfCall;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      int status = statusOfCall.applyAsInt(calls.size());
      calls.add(
          new Call(
              exchange.getRequestHeaders().getFirst("webhook-id"),
              exchange.getRequestHeaders().getFirst("webhook-timestamp"),
              exchange.getRequestHeaders().getFirst("webhook-signature"),
              body,
              status));
      exchange.getResponseHeaders().add("Location", "/elsewhere");
      exchange.sendResponseHeaders(status, -1);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/events");
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
