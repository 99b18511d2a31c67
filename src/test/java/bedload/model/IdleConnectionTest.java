package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.ModelInvocationType;
import bedload.job.RecordOutcome;
import bedload.model.body.Family;
import bedload.model.http.HttpTransport;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server that closes a connection between two records, in the moment in which the second one is
 * sent: that record has neither failed nor been asked twice.
 */
class IdleConnectionTest {
  private static final int RECORDS = 10;
  private static final int IDLE_MILLIS = 50;

  /** What a server does with a connection that is idle for too long. */
  enum Manner {
    /** It closes at once, as most do. */
    CLOSES,
    /** Its close crosses with the next request, which it never reads: the client sees a reset. */
    CROSSES,
    /** It takes the request's bytes from the wire, and closes all the same. */
    SWALLOWS,
    /** It says that the request took too long to come, and closes. */
    ANSWERS
  }

  /** A server of one connection at a time. */
  private static final class ClosingServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Manner manner;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    ClosingServer(Manner manner) throws IOException {
      this.manner = manner;
      Thread.ofVirtual().start(this::accept);
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/v1");
    }

    private void accept() {
      while (!listener.isClosed()) {
        try {
          Socket socket = listener.accept();
          Thread.ofVirtual().start(() -> serve(socket));
        } catch (IOException e) {
          return;
        }
      }
    }

    private void serve(Socket socket) {
      try (socket;
          PushbackInputStream in =
              new PushbackInputStream(new BufferedInputStream(socket.getInputStream(), 1))) {
        socket.setTcpNoDelay(true);
        OutputStream out = socket.getOutputStream();
        do {
          TestRequest request = TestRequest.read(in);
          if (request == null) {
            return;
          }
          byte[] answer = TestAnswers.to(request);
          answered.incrementAndGet();
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                  .formatted(answer.length)
                  .getBytes(StandardCharsets.US_ASCII));
          out.write(answer);
          out.flush();
        } while (isUsedAgain(socket, in));
        closed.incrementAndGet();
        part(in, out);
      } catch (IOException e) {
        // The client closed.
      }
    }

    private static boolean isUsedAgain(Socket socket, PushbackInputStream in) throws IOException {
      socket.setSoTimeout(IDLE_MILLIS);
      try {
        in.unread(in.read());
        return true;
      } catch (SocketTimeoutException e) {
        return false;
      } finally {
        socket.setSoTimeout(0);
      }
    }

    private void part(PushbackInputStream in, OutputStream out) throws IOException {
      switch (manner) {
        case CLOSES -> {}
        case CROSSES -> in.unread(in.read());
        case SWALLOWS -> {
          var _ = TestRequest.read(in);
        }
        case ANSWERS -> {
          var _ = TestRequest.read(in);
          out.write(
              "HTTP/1.1 408 Request Time-out\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
          out.flush();
        }
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /** Counts replies that a record's patience was used up by. */
  private static final class Counted implements CallMeter {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    @Override
    public void called(ModelReply reply, Duration took) {
      calls.incrementAndGet();
    }

    @Override
    public void retried() {
      retries.incrementAndGet();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionThatIsClosedBetweenTwoRecordsCostsNothing(Manner manner) throws Exception {
    Counted counted = new Counted();
    try (ClosingServer server = new ClosingServer(manner);
        HttpTransport transport = new HttpTransport()) {
      ModelEntry.Server entry = ModelEntry.Server.at(server.url(), "tiny");
      Model model =
          new OpenAiServer(
              transport, entry, null, Family.OPENAI_CHAT, Set.of(), InstantSource.system());
      ServedModel served =
          new ServedModel(
              model,
              new InFlightLimit(1, 1),
              counted,
              Patience.DEFAULT,
              InstantSource.system(),
              new Random(1));
      for (int i = 0; i < RECORDS; i++) {
        byte[] body =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Record %d\"}]}"
                .formatted(i)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(served.answer(body, ModelInvocationType.INVOKE_MODEL))
            .isInstanceOf(RecordOutcome.Success.class);
        // At the very moment in which the server is about to close, and shortly before and after.
        Thread.sleep(IDLE_MILLIS - 5 + i % 10);
      }

      assertThat(server.closed.get()).as("connections closed by the server").isPositive();
      assertThat(server.answered.get()).as("calls that were paid").isEqualTo(RECORDS);
    }
    assertThat(counted.calls.get()).isEqualTo(RECORDS);
    assertThat(counted.retries.get()).isZero();
  }
}
