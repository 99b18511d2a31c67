package bedload.wire;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose client takes for ever to send the head of a request. Jetty's own limit
 * begins anew with each byte, so that a byte now and then would keep a connection for days.
 * Thread-safe.
 */
final class SlowHeaders implements Connection.Listener {
  private final Scheduler scheduler;
  private final Duration limit;
  private final Map<HttpConnection, Long> seenInHead = new ConcurrentHashMap<>();

  /**
   * @param limit how long a head may take; twice as long at the most, since looks are that far
   *     apart
   */
  SlowHeaders(Scheduler scheduler, Duration limit) {
    this.scheduler = scheduler;
    this.limit = limit;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof HttpConnection http) {
      lookLater(http);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    if (connection instanceof HttpConnection http) {
      seenInHead.remove(http);
    }
  }

  private void lookLater(HttpConnection connection) {
    scheduler.schedule(() -> look(connection), limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A head that is being sent at two looks, and is the same one, takes too long. */
  private void look(HttpConnection connection) {
    if (!connection.getEndPoint().isOpen()) {
      return;
    }
    boolean isInHead = connection.getParser().inHeaderState() && !connection.getParser().isStart();
    if (!isInHead) {
      seenInHead.remove(connection);
    } else {
      Long before = seenInHead.put(connection, connection.getMessagesIn());
      if (before != null && before == connection.getMessagesIn()) {
        connection.getEndPoint().close();
        return;
      }
    }
    lookLater(connection);
  }
}
