package bedload.model;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model server over a real socket that speaks OpenAI's chat, completions and embeddings, and
 * misbehaves on demand. Its answers follow from the request alone. Holds thousands of slow calls: a
 * virtual thread a connection.
 *
 * <p>As a process of its own it outlives a client that is killed, and its log says which calls were
 * received and which were answered:
 *
 * <pre>java … bedload.model.TestModelServer --port 0 --log FILE --delay-ms 50..200</pre>
 *
 * It prints {@code listening PORT} when it is ready.
 */
public final class TestModelServer implements AutoCloseable {
  /** What the server does with a call. */
  public sealed interface Behaviour {
    /** Answers, after a delay. */
    record Answer(long delayMillis) implements Behaviour {}

    /**
     * Answers after a delay, and not while it is held, up to a longest time.
     *
     * @param isHeld asked every few milliseconds
     */
    record Held(long delayMillis, BooleanSupplier isHeld, long longestMillis)
        implements Behaviour {}

    /**
     * Answers with a status.
     *
     * @param headers whole lines, each ending in CRLF
     */
    record Status(int status, String headers, String body) implements Behaviour {}

    /** Reads the request and says nothing until the client goes. */
    record Stall() implements Behaviour {}

    /** Sends the headers and half of the body, then nothing until the client goes. */
    record StallInBody() implements Behaviour {}

    /** Sends the headers and half of the body with a Content-Length, then closes. */
    record Truncate() implements Behaviour {}

    /** Sends the first of two chunks, then closes. */
    record TruncateChunked() implements Behaviour {}

    /** Closes without a word. */
    record Close() implements Behaviour {}

    /** Resets the connection without a word. */
    record Reset() implements Behaviour {}

    /** Answers with these very bytes, then closes. */
    @SuppressWarnings("ArrayRecordComponent") // written as they are; nobody compares them
    record Raw(byte[] bytes) implements Behaviour {}

    /** Answers with a body of 100 MB. */
    record Endless() implements Behaviour {}

    /** Answers in chunks, after a 100 Continue. */
    record Chunked() implements Behaviour {}

    /** Answers as if nothing were wrong, then closes the connection that it said it would keep. */
    record AnswerThenClose() implements Behaviour {}
  }

  /** A call as the server sees it. */
  public record Received(long number, String path, TestRequest request) {}

  private static final int ENDLESS_MEGABYTES = 100;
  private static final int BACKLOG = 4096;
  private static final int HELD_LOOK_MILLIS = 20;

  private final ServerSocket listener;
  private final Thread accepting;
  private final Function<Received, Behaviour> behaviour;
  private final @Nullable Writer log;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong disconnected = new AtomicLong();
  private final AtomicLong connected = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();

  /** Starts a server on a free port that behaves as told, call by call. */
  public static TestModelServer start(Function<Received, Behaviour> behaviour) {
    try {
      return new TestModelServer(new ServerSocket(), 0, behaviour, null);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Starts such a server that also notes in a file what it received and what it answered. */
  public static TestModelServer start(Function<Received, Behaviour> behaviour, Path log) {
    try {
      return new TestModelServer(new ServerSocket(), 0, behaviour, log);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Starts a server on a free port that answers everything at once. */
  public static TestModelServer start() {
    return start(_ -> new Behaviour.Answer(0));
  }

  /** Starts a server that refuses what is not of OpenAI's own form, with 400. */
  public static TestModelServer strict() {
    return start(
        call -> {
          List<String> faults = OpenAiSchema.faults(call.path(), call.request().body());
          return faults.isEmpty()
              ? new Behaviour.Answer(0)
              : new Behaviour.Status(400, "", String.join("; ", faults));
        });
  }

  /** Starts a server over TLS, or with other settings of its socket. */
  public static TestModelServer start(
      ServerSocket unbound, Function<Received, Behaviour> behaviour) {
    try {
      return new TestModelServer(unbound, 0, behaviour, null);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  TestModelServer(
      ServerSocket unbound, int port, Function<Received, Behaviour> behaviour, @Nullable Path log)
      throws IOException {
    this.behaviour = behaviour;
    this.log =
        log == null
            ? null
            : Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    this.listener = unbound;
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    this.accepting = Thread.ofPlatform().daemon().name("test-model-server").unstarted(this::accept);
    accepting.start();
  }

  /** Returns the base URL. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/v1");
  }

  /** Returns the port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Returns how many calls were received whole. */
  public long received() {
    return received.get();
  }

  /** Returns how many calls were answered as the model would. */
  public long answered() {
    return answered.get();
  }

  /** Returns how many clients went away before their call was answered. */
  public long disconnected() {
    return disconnected.get();
  }

  /** Returns how many connections were accepted. */
  public long connected() {
    return connected.get();
  }

  /** Returns how many connections are open. */
  public int open() {
    return connections.size();
  }

  /** Returns how many calls are being worked on. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Returns the most calls that were worked on at once. */
  public int mostInFlight() {
    return mostInFlight.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.add(socket);
        connected.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        // The listener was closed, or a client went before it was accepted.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        PushbackInputStream in =
            new PushbackInputStream(new BufferedInputStream(socket.getInputStream()));
        OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
      socket.setTcpNoDelay(true);
      boolean open = true;
      while (open) {
        TestRequest request = TestRequest.read(in);
        if (request == null) {
          return;
        }
        long number = received.incrementAndGet();
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        try {
          note("received", request);
          open = act(new Received(number, request.path(), request), socket, in, out);
        } finally {
          inFlight.decrementAndGet();
        }
      }
    } catch (IOException gone) {
      // The client closed or reset the connection.
    } finally {
      connections.remove(socket);
    }
  }

  /** Does with a call what is to be done; returns whether the connection stays open. */
  private boolean act(Received call, Socket socket, PushbackInputStream in, OutputStream out)
      throws IOException {
    byte[] answer = TestAnswers.to(call.request());
    switch (behaviour.apply(call)) {
      case Behaviour.Answer(long delayMillis) -> {
        if (delayMillis > 0 && !waits(socket, in, delayMillis)) {
          return false;
        }
        answer(call, out, answer);
        return true;
      }
      case Behaviour.Held(long delayMillis, BooleanSupplier isHeld, long longestMillis) -> {
        long until = System.nanoTime() + longestMillis * 1_000_000;
        long wait = delayMillis;
        do {
          if (!waits(socket, in, wait)) {
            return false;
          }
          wait = HELD_LOOK_MILLIS;
        } while (isHeld.getAsBoolean() && System.nanoTime() < until);
        answer(call, out, answer);
        return true;
      }
      case Behaviour.Status(int status, String headers, String text) -> {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        head(out, status, headers + "Content-Length: " + body.length + "\r\n");
        out.write(body);
        out.flush();
        return true;
      }
      case Behaviour.Stall _ -> waits(socket, in, 0);
      case Behaviour.StallInBody _ -> {
        half(out, answer);
        waits(socket, in, 0);
      }
      case Behaviour.Truncate _ -> half(out, answer);
      case Behaviour.TruncateChunked _ -> {
        head(out, 200, "Transfer-Encoding: chunked\r\n");
        chunk(out, answer, 0, answer.length / 2);
        out.flush();
      }
      case Behaviour.Endless _ -> {
        head(out, 200, "Content-Length: %d\r\n".formatted(ENDLESS_MEGABYTES << 20));
        byte[] megabyte = new byte[1 << 20];
        Arrays.fill(megabyte, (byte) ' ');
        for (int i = 0; i < ENDLESS_MEGABYTES; i++) {
          out.write(megabyte);
        }
        out.flush();
      }
      case Behaviour.Close _ -> {}
      case Behaviour.Reset _ -> socket.setSoLinger(true, 0);
      case Behaviour.Raw(byte[] bytes) -> {
        out.write(bytes);
        out.flush();
      }
      case Behaviour.Chunked _ -> {
        out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        head(out, 200, "Transfer-Encoding: chunked\r\n");
        chunk(out, answer, 0, answer.length / 2);
        out.flush();
        chunk(out, answer, answer.length / 2, answer.length);
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        answered(call);
        out.flush();
        return true;
      }
      case Behaviour.AnswerThenClose _ -> answer(call, out, answer);
    }
    return false;
  }

  private void answer(Received call, OutputStream out, byte[] answer) throws IOException {
    // Noted before it is sent: a client that is killed now may or may not have it.
    answered(call);
    head(out, 200, "Content-Length: " + answer.length + "\r\n");
    out.write(answer);
    out.flush();
  }

  private void answered(Received call) {
    answered.incrementAndGet();
    note("finished", call.request());
  }

  /** Waits while the client is there; returns whether it still is. Zero is for ever. */
  private boolean waits(Socket socket, PushbackInputStream in, long millis) throws IOException {
    socket.setSoTimeout((int) millis);
    try {
      int next = in.read();
      if (next < 0) {
        disconnected.incrementAndGet();
        return false;
      }
      in.unread(next);
      throw new IOException("The client sent more before it had its answer");
    } catch (SocketTimeoutException over) {
      return true;
    } catch (IOException reset) {
      disconnected.incrementAndGet();
      throw reset;
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(0);
      }
    }
  }

  private static void half(OutputStream out, byte[] answer) throws IOException {
    head(out, 200, "Content-Length: " + answer.length + "\r\n");
    out.write(answer, 0, answer.length / 2);
    out.flush();
  }

  private static void head(OutputStream out, int status, String headers) throws IOException {
    out.write(
        "HTTP/1.1 %d Status\r\nContent-Type: application/json\r\n%s\r\n"
            .formatted(status, headers)
            .getBytes(StandardCharsets.US_ASCII));
  }

  private static void chunk(OutputStream out, byte[] bytes, int from, int to) throws IOException {
    out.write("%x\r\n".formatted(to - from).getBytes(StandardCharsets.US_ASCII));
    out.write(bytes, from, to - from);
    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private void note(String event, TestRequest request) {
    if (log != null) {
      synchronized (log) {
        try {
          log.write(event + " " + request.id() + "\n");
          log.flush();
        } catch (IOException broken) {
          throw new UncheckedIOException(broken);
        }
      }
    }
  }

  /** Stops listening and cuts all connections. */
  @Override
  public void close() {
    try {
      listener.close();
      // A thread inside accept keeps the port open for a moment longer, and would take a call.
      accepting.join();
      for (Socket socket : connections) {
        socket.close();
      }
      if (log != null) {
        log.close();
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a server until it is killed. */
  public static void main(String[] args) throws Exception {
    TestServerOptions options = TestServerOptions.parse(args);
    TestModelServer server =
        new TestModelServer(new ServerSocket(), options.port(), options.behaviour(), options.log());
    System.out.println("listening " + server.port());
    Thread.currentThread().join();
  }
}
