package bedload.work;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Knows how long the database has answered this node without a gap. When a database comes back
 * after a while all nodes' heartbeats are old, and whoever asks first would take the others for
 * dead: so a node that has only just found the database again believes nobody dead yet.
 * Thread-safe.
 */
final class Contact implements Closeable {
  private final DataSource dataSource;
  private final Heartbeat heartbeat;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile long unbrokenSinceNanos;
  private volatile long lastAnswerNanos;

  Contact(DataSource dataSource, Heartbeat heartbeat) {
    this.dataSource = dataSource;
    this.heartbeat = heartbeat;
    long now = System.nanoTime();
    this.unbrokenSinceNanos = now;
    this.lastAnswerNanos = now;
    Thread.ofVirtual().name("database-contact").start(this::askUntilClosed);
  }

  /** Says whether the others have had time to be heard since the database last was away. */
  boolean isSettled() {
    long now = System.nanoTime();
    Duration settling = heartbeat.every().multipliedBy(2);
    return now - lastAnswerNanos <= heartbeat.every().toNanos()
        && now - unbrokenSinceNanos >= settling.toNanos();
  }

  private void askUntilClosed() {
    try {
      while (!closing.await(heartbeat.every().toMillis() / 4, TimeUnit.MILLISECONDS)) {
        if (answers()) {
          long now = System.nanoTime();
          if (now - lastAnswerNanos > heartbeat.every().toNanos()) {
            unbrokenSinceNanos = now;
          }
          lastAnswerNanos = now;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers() {
    try (Connection connection = dataSource.getConnection()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
