package bedload.wire;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Breaks off bodies whose client takes for ever to send them. Jetty's idle timeout begins anew with
 * each byte, so that a byte now and then would keep a connection, and whoever reads from it, for
 * days. Only the time counts in which the server waits for the client: a large body that is written
 * to a slow disk is not slow. Thread-safe.
 */
public final class SlowBodies extends Handler.Wrapper {
  /** How long the server waits for a body of any size. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What comes faster than this may go on for ever: 5 GB have about four days. */
  private static final long SLOWEST_BYTES_PER_SECOND = 16 << 10;

  private final Duration patience;

  /**
   * @param next what reads the bodies; null if it is set later
   * @param patience how long the server waits for a body, beyond what its size gives it
   */
  public SlowBodies(@Nullable Handler next, Duration patience) {
    super(next);
    this.patience = patience;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    return super.handle(
        request.getLength() == 0 ? request : new Paced(request, patience), response, callback);
  }

  /** A request whose body fails at the first byte that comes when its time is over. */
  private static final class Paced extends Request.Wrapper {
    private final Duration patience;
    private long bytes;
    private final AtomicLong waitedNanos = new AtomicLong();
    private Content.@Nullable Chunk failure;

    Paced(Request request, Duration patience) {
      super(request);
      this.patience = patience;
    }

    @Override
    public void demand(Runnable available) {
      long since = System.nanoTime();
      super.demand(
          () -> {
            waitedNanos.addAndGet(System.nanoTime() - since);
            available.run();
          });
    }

    @Override
    public Content.@Nullable Chunk read() {
      if (failure != null) {
        return failure;
      }
      Content.Chunk chunk = super.read();
      if (chunk == null) {
        return null;
      }
      ByteBuffer content = chunk.getByteBuffer();
      bytes += content == null ? 0 : content.remaining();
      long allowedMillis = patience.toMillis() + bytes * 1000 / SLOWEST_BYTES_PER_SECOND;
      if (chunk.isLast() || waitedNanos.get() / 1_000_000 <= allowedMillis) {
        return chunk;
      }
      chunk.release();
      failure =
          Content.Chunk.from(
              new TimeoutException(
                  "%d bytes of the body came in %d s"
                      .formatted(bytes, waitedNanos.get() / 1_000_000_000)));
      return failure;
    }
  }
}
