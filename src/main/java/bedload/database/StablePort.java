package bedload.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The port of the embedded server: free at the first start, and the same ever after if it can be.
 */
record StablePort(Path file) {
  /** Returns the port to take; it was free a moment ago. */
  int choose() throws IOException {
    int known = known();
    if (isFree(known)) {
      return known;
    }
    int port = anyFree();
    PostgresFolder.replace(file, Integer.toString(port));
    return port;
  }

  /** Returns the port of the last start; 0, which stands for any, if there is none. */
  private int known() throws IOException {
    if (Files.notExists(file)) {
      return 0;
    }
    String text = Files.readString(file).strip();
    return text.matches("[1-9]\\d{0,4}") ? Integer.parseInt(text) : 0;
  }

  static boolean isFree(int port) {
    if (port == 0 || port > 65_535) {
      return false;
    }
    try (ServerSocket _ = listen(port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static int anyFree() throws IOException {
    try (ServerSocket socket = listen(0)) {
      return socket.getLocalPort();
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    // As the server does it: a port whose last connections linger is free.
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    return socket;
  }
}
