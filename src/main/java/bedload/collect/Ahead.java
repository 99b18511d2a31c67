package bedload.collect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/**
 * Things that are fetched one after the other, on a thread of its own and a few ahead of whoever
 * takes them, so that neither waits for the other while both have work. For one taker.
 */
final class Ahead<T> implements AutoCloseable {
  private final Supplier<Optional<T>> next;
  private final BlockingQueue<Fetched<T>> fetched;
  private final int most;
  private final Thread thread;

  /** What the fetching came to. */
  private sealed interface Fetched<T> {
    /** One more. */
    record One<T>(T item) implements Fetched<T> {}

    /** There are no more. */
    record End<T>() implements Fetched<T> {}

    /** There may be more, but they cannot be had. */
    record Broken<T>(Throwable cause) implements Fetched<T> {}
  }

  private Ahead(String name, int most, Supplier<Optional<T>> next) {
    this.next = next;
    this.most = most;
    this.fetched = new ArrayBlockingQueue<>(most);
    this.thread = Thread.ofVirtual().name(name).unstarted(this::fetch);
  }

  /**
   * Starts to fetch.
   *
   * @param name of the thread
   * @param most how many may wait to be taken
   * @param next returns the next one; empty after the last
   */
  static <T> Ahead<T> start(String name, int most, Supplier<Optional<T>> next) {
    Ahead<T> ahead = new Ahead<>(name, most, next);
    ahead.thread.start();
    return ahead;
  }

  private void fetch() {
    try {
      try {
        Optional<T> item = next.get();
        while (item.isPresent()) {
          fetched.put(new Fetched.One<>(item.get()));
          item = next.get();
        }
        fetched.put(new Fetched.End<>());
      } catch (RuntimeException | Error e) {
        fetched.put(new Fetched.Broken<>(e));
      }
    } catch (InterruptedException _) {
      // Closed: nobody takes any more.
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for one, and returns it with all others that are there; none after the last. What was
   * fetched before the fetching failed comes before that failure does, which is thrown as it was.
   */
  List<T> take() throws InterruptedException {
    List<T> taken = new ArrayList<>();
    while (taken.isEmpty() || (taken.size() < most && fetched.peek() instanceof Fetched.One)) {
      switch (fetched.take()) {
        case Fetched.One<T>(T item) -> taken.add(item);
        case Fetched.End<T> _ -> {
          return List.of();
        }
        case Fetched.Broken<T>(RuntimeException trouble) -> throw trouble;
        case Fetched.Broken<T>(Error error) -> throw error;
        case Fetched.Broken<T>(Throwable cause) -> throw new IllegalStateException(cause);
      }
    }
    return taken;
  }

  /** Fetches no more. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
