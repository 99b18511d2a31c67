package bedload.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client that sends whatever bytes it is given, as no HTTP library would. */
public final class RawHttp {
  private static final int TIMEOUT_MILLIS = 20_000;

  private RawHttp() {}

  /** Sends a request and returns all that comes back until the server closes. */
  public static Reply send(int port, byte[] request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(request);
      out.flush();
      return new Reply(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request that is plain text. */
  public static Reply send(int port, String request) {
    return send(port, request.getBytes(StandardCharsets.UTF_8));
  }

  /** What came back, as text. */
  public record Reply(String text) {
    /** Returns the HTTP status. */
    public int status() {
      return Integer.parseInt(text, 9, 12, 10);
    }

    /** Returns a header's value; empty if it is not there. */
    public String header(String name) {
      return Arrays.stream(text.substring(0, text.indexOf("\r\n\r\n")).split("\r\n"))
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }

    /** Returns what follows the headers. */
    public String body() {
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }
}
