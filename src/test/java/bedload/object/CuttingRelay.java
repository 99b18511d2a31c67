package bedload.object;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** A network that passes bytes on, and cuts each connection after so many have come back. */
final class CuttingRelay implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final long cutAfterBytes;
  private final AtomicInteger cuts = new AtomicInteger();

  CuttingRelay(int target, long cutAfterBytes) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    this.cutAfterBytes = cutAfterBytes;
    Thread.ofVirtual().start(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Returns how many connections were cut. */
  int cuts() {
    return cuts.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.ofVirtual().start(() -> pass(client, server, Long.MAX_VALUE));
        Thread.ofVirtual().start(() -> pass(server, client, cutAfterBytes));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void pass(Socket from, Socket to, long limit) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      long left = limit;
      for (int count; left > 0 && (count = in.read(buffer, 0, (int) Math.min(left, 8192))) >= 0; ) {
        out.write(buffer, 0, count);
        left -= count;
      }
      if (left == 0) {
        cuts.incrementAndGet();
      }
    } catch (IOException e) {
      // One side is gone: so is the connection.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
