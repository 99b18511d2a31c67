package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ContactTest {
  private static final Heartbeat HEARTBEAT = new Heartbeat(Duration.ofMillis(400), 4);

  private final FailingSource database = new FailingSource();

  /** All heartbeats are old after a while without the database: it is not the others that died. */
  @Test
  void whoHasJustFoundTheDatabaseAgainTakesNobodyForDead() {
    try (Contact contact = new Contact(database, HEARTBEAT)) {
      assertThat(contact.isSettled()).isFalse();
      Awaitility.await().until(contact::isSettled);

      database.isAway.set(true);
      Awaitility.await().until(() -> !contact.isSettled());
      awaitAsked(4);
      database.isAway.set(false);
      long back = System.nanoTime();

      assertThat(contact.isSettled()).isFalse();
      Awaitility.await().until(contact::isSettled);
      assertThat(Duration.ofNanos(System.nanoTime() - back))
          .isGreaterThanOrEqualTo(HEARTBEAT.every());
    }
  }

  private void awaitAsked(int times) {
    int before = database.asked.get();
    Awaitility.await().until(() -> database.asked.get() >= before + times);
  }

  /** A database that can be away. */
  private static final class FailingSource implements DataSource {
    private final AtomicBoolean isAway = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public Connection getConnection() throws SQLException {
      asked.incrementAndGet();
      if (isAway.get()) {
        throw new SQLException("away");
      }
      return (Connection)
          Proxy.newProxyInstance(
              ContactTest.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> method.getName().equals("isValid") ? true : null);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
