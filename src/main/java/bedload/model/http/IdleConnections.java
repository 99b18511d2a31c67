package bedload.model.http;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The connections to one server that wait for their next call. The latest used is used first, so
 * that those a quieter time does not need grow old and are closed. Thread-safe.
 */
final class IdleConnections {
  private final ConnectionRules rules;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Connection> resting = new ArrayDeque<>();

  /**
   * Makes a pool without connections.
   *
   * @param nanoTime by which connections tell when they were opened, too
   */
  IdleConnections(ConnectionRules rules, LongSupplier nanoTime) {
    this.rules = rules;
    this.nanoTime = nanoTime;
  }

  /** Returns a connection that is fit for use, which is then the caller's alone. */
  Optional<Connection> take() {
    lock.lock();
    try {
      Connection latest = resting.pollLast();
      while (latest != null) {
        if (latest.isOpen() && !isStale(latest)) {
          return Optional.of(latest);
        }
        latest.close();
        latest = resting.pollLast();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a connection back that has ended its exchange well, and closes one that is old. */
  void give(Connection connection) {
    if (isOld(connection)) {
      connection.close();
      return;
    }
    lock.lock();
    try {
      connection.restsSince(nanoTime.getAsLong());
      resting.addLast(connection);
    } finally {
      lock.unlock();
    }
  }

  /** Closes those that have rested too long. */
  void sweep() {
    lock.lock();
    try {
      while (!resting.isEmpty() && (isStale(resting.getFirst()) || !resting.getFirst().isOpen())) {
        resting.removeFirst().close();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isStale(Connection connection) {
    return nanoTime.getAsLong() - connection.idleSince() >= rules.longestRest().toNanos()
        || isOld(connection);
  }

  private boolean isOld(Connection connection) {
    return nanoTime.getAsLong() - connection.openedAt() >= rules.longestLife().toNanos();
  }
}
