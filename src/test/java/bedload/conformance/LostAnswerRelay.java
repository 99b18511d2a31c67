package bedload.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network between a client and the service that loses the first answer: the request arrives, the
 * service answers, and the client sees its connection end.
 */
final class LostAnswerRelay implements AutoCloseable {
  /** What happens once the answer has left the service. */
  interface Loss {
    void happens() throws IOException;
  }

  private final URI target;
  private final Loss loss;
  private final ServerSocket listener;
  private final AtomicInteger connections = new AtomicInteger();
  private final CompletableFuture<String> lost = new CompletableFuture<>();

  LostAnswerRelay(String target, Loss loss) throws IOException {
    this.target = URI.create(target);
    this.loss = loss;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** Returns how many connections the client has made. */
  int connections() {
    return connections.get();
  }

  /** Returns the answer that the client never saw. */
  String lostAnswer() {
    return lost.join();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        boolean isFirst = connections.incrementAndGet() == 1;
        Thread.ofVirtual().start(() -> relay(client, isFirst));
      } catch (IOException e) {
        // Closed, which ends the loop.
      }
    }
  }

  private void relay(Socket client, boolean isFirst) {
    try (client;
        Socket service = new Socket(target.getHost(), target.getPort())) {
      Thread.ofVirtual().start(() -> copy(client, service));
      if (isFirst) {
        lost.complete(read(service.getInputStream()));
        loss.happens();
      } else {
        copy(service, client);
      }
    } catch (IOException e) {
      lost.completeExceptionally(e);
    }
  }

  /** Reads one answer, which is a small JSON object. */
  private static String read(InputStream answer) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[8192];
    while (text.indexOf("}") < 0) {
      int count = answer.read(buffer);
      if (count < 0) {
        throw new IOException("The service ended its connection after '" + text + "'");
      }
      text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  private static void copy(Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      from.getInputStream().transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // One side has gone, and the other learns it when both sockets are closed.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
