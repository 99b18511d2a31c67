package bedload;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A network between an HTTP client and its server that does to each request what it is told. It
 * reads requests and answers whole, so that it can cut, damage or replace them, and passes on all
 * other bytes as they are: signatures stay good.
 */
public final class FaultProxy implements AutoCloseable {
  /** What happens to a request. */
  public sealed interface Fault {
    /** Nothing. */
    record None() implements Fault {}

    /** The server never hears of it, and this is the answer. */
    record Refused(int status, String body) implements Fault {}

    /** The server does it, and this is the answer. */
    record Belied(int status, String body) implements Fault {}

    /** The server does it, and the connection closes without an answer. */
    record AnswerLost() implements Fault {}

    /** The server does it, and half of the answer's body arrives. */
    record AnswerCut() implements Fault {}

    /** The server does it, and a byte in the middle of the answer's body is another one. */
    record AnswerDamaged() implements Fault {}

    /** A byte in the middle of the request's body is another one when it reaches the server. */
    record RequestDamaged() implements Fault {}

    /** The server never hears of it, and the client waits until it gives up. */
    record Unanswered() implements Fault {}

    /** The server never hears of it, and the connection is reset. */
    record Reset() implements Fault {}
  }

  /**
   * A request as the proxy sees it.
   *
   * @param target path and query, as they were sent
   */
  public record Seen(String method, String target, String head) {}

  private final ServerSocket listener;
  private final int target;
  private final Function<Seen, Fault> rule;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private FaultProxy(ServerSocket listener, int target, Function<Seen, Fault> rule) {
    this.listener = listener;
    this.target = target;
    this.rule = rule;
    Thread.ofVirtual().name("fault-proxy").start(this::accept);
  }

  /** Starts one in front of a server on this machine. */
  public static FaultProxy before(URI server, Function<Seen, Fault> rule) {
    try {
      return new FaultProxy(
          new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), server.getPort(), rule);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where the client should go. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        InputStream fromClient = new BufferedInputStream(client.getInputStream());
        InputStream fromServer = new BufferedInputStream(server.getInputStream())) {
      open.add(server);
      OutputStream toClient = client.getOutputStream();
      Message request = Message.read(fromClient, toClient, false);
      while (request != null && pass(request, client, server, fromServer)) {
        request = Message.read(fromClient, toClient, false);
      }
    } catch (IOException e) {
      // One side is gone: so is the connection.
    } finally {
      open.remove(client);
    }
  }

  /** Does with a request what is to be done; returns whether the connection goes on. */
  private boolean pass(Message request, Socket client, Socket server, InputStream fromServer)
      throws IOException {
    String[] words = request.lines().getFirst().split(" ");
    OutputStream toClient = client.getOutputStream();
    boolean headOnly = words[0].equals("HEAD");
    switch (rule.apply(new Seen(words[0], words[1], String.join("\n", request.lines())))) {
      case Fault.None _ -> ask(request, server, fromServer, headOnly).write(toClient);
      case Fault.Refused(int status, String body) ->
          Message.answer(status, headOnly ? "" : body).write(toClient);
      case Fault.Belied(int status, String body) -> {
        ask(request, server, fromServer, headOnly);
        Message.answer(status, headOnly ? "" : body).write(toClient);
      }
      case Fault.AnswerLost _ -> {
        ask(request, server, fromServer, headOnly);
        return false;
      }
      case Fault.AnswerCut _ -> {
        ask(request, server, fromServer, headOnly).cutInHalf().write(toClient);
        return false;
      }
      case Fault.AnswerDamaged _ ->
          ask(request, server, fromServer, headOnly).damaged().write(toClient);
      case Fault.RequestDamaged _ ->
          ask(request.damaged(), server, fromServer, headOnly).write(toClient);
      case Fault.Unanswered _ -> {
        int heard = client.getInputStream().read();
        if (heard >= 0) {
          throw new IOException("The client sent more before it had its answer");
        }
        return false;
      }
      case Fault.Reset _ -> {
        client.setSoLinger(true, 0);
        return false;
      }
    }
    return true;
  }

  private static Message ask(
      Message request, Socket server, InputStream fromServer, boolean headOnly) throws IOException {
    request.write(server.getOutputStream());
    Message answer = Message.read(fromServer, null, headOnly);
    if (answer == null) {
      throw new EOFException("The server closed without an answer");
    }
    return answer;
  }

  /**
   * A request or an answer.
   *
   * @param lines the first one and the headers
   * @param body as it stands on the wire, chunks and all
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way; nobody compares messages
  private record Message(List<String> lines, byte[] body) {
    /**
     * Reads one; null if the other side has closed.
     *
     * @param inviting where a client that waits for it is told to go on; null for answers
     * @param headOnly whether no body follows whatever the headers say
     */
    static @Nullable Message read(InputStream in, @Nullable OutputStream inviting, boolean headOnly)
        throws IOException {
      List<String> lines = new ArrayList<>();
      String line = line(in);
      if (line == null) {
        return null;
      }
      while (line != null && !line.isEmpty()) {
        lines.add(line);
        line = line(in);
      }
      if (inviting == null && lines.getFirst().contains(" 100 ")) {
        return read(in, null, headOnly);
      }
      if (inviting != null && header(lines, "expect") != null) {
        inviting.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        inviting.flush();
        // The server need not be asked: the body follows at once.
        lines.removeIf(each -> each.toLowerCase(Locale.ROOT).startsWith("expect:"));
      }
      return new Message(lines, headOnly ? new byte[0] : body(in, lines));
    }

    private static byte[] body(InputStream in, List<String> lines) throws IOException {
      String length = header(lines, "content-length");
      if (length != null) {
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
          throw new EOFException("Closed within a body");
        }
        return body;
      }
      if (header(lines, "transfer-encoding") == null) {
        return new byte[0];
      }
      ByteArrayOutputStream chunks = new ByteArrayOutputStream();
      int size;
      do {
        String head = String.valueOf(line(in));
        size = Integer.parseInt(head.split(";")[0].strip(), 16);
        chunks.writeBytes((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunks.writeBytes(in.readNBytes(size + 2));
      } while (size > 0);
      return chunks.toByteArray();
    }

    private static @Nullable String header(List<String> lines, String name) {
      return lines.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse(null);
    }

    private static @Nullable String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      int next = in.read();
      if (next < 0) {
        return null;
      }
      while (next >= 0 && next != '\n') {
        if (next != '\r') {
          line.append((char) next);
        }
        next = in.read();
      }
      return line.toString();
    }

    static Message answer(int status, String body) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      return new Message(
          List.of(
              "HTTP/1.1 " + status + " Status",
              "Content-Type: application/xml",
              "Content-Length: " + bytes.length),
          bytes);
    }

    Message cutInHalf() {
      byte[] half = new byte[body.length / 2];
      System.arraycopy(body, 0, half, 0, half.length);
      return new Message(lines, half);
    }

    Message damaged() {
      byte[] copy = body.clone();
      if (copy.length > 0) {
        // Within a line of text, not a line feed or a chunk's head: a letter becomes another one.
        int at = copy.length / 2;
        while (at < copy.length - 1 && !Character.isLetter(copy[at])) {
          at++;
        }
        copy[at] ^= 1;
      }
      return new Message(lines, copy);
    }

    void write(OutputStream out) throws IOException {
      out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
