package bedload.web.query;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Questions that outlast the request that brought them. An answer is handed out once, and one that
 * nobody fetches is dropped. Thread-safe.
 */
public final class DdsqlQueries implements AutoCloseable {
  /** How many questions of one account may be open; an answer can be large. */
  static final int MOST_OPEN = 8;

  private static final Duration KEPT = Duration.ofMinutes(2);
  private static final int TOKEN_BYTES = 16;

  private final ReadingDesk desk;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Duration patience;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  /**
   * @param random gives tokens that nobody guesses
   * @param patience how long a request waits for an answer before it is told to come again
   */
  public DdsqlQueries(
      ReadingDesk desk, InstantSource clock, RandomGenerator random, Duration patience) {
    this.desk = desk;
    this.clock = clock;
    this.random = random;
    this.patience = patience;
  }

  private record Open(String account, Instant since, Future<ReadingDesk.Reply> reply) {}

  /** What became of a question. */
  sealed interface State {
    /** Come again with this token. */
    record Running(String token) implements State {}

    /** This is the answer. */
    record Completed(ReadingDesk.Reply reply) implements State {}
  }

  /**
   * Begins to answer a question; empty if the account has as many open as it may.
   *
   * @throws QuestionFault if the question is at fault
   */
  Optional<State> execute(String account, ReadingDesk.Ask ask) throws InterruptedException {
    Instant old = clock.instant().minus(KEPT);
    open.values().removeIf(query -> query.reply().isDone() && query.since().isBefore(old));
    if (open.values().stream().filter(query -> query.account().equals(account)).count()
        >= MOST_OPEN) {
      return Optional.empty();
    }
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    String name = HexFormat.of().formatHex(token);
    Open query = new Open(account, clock.instant(), threads.submit(() -> desk.ask(account, ask)));
    open.put(name, query);
    return Optional.of(await(name, query));
  }

  /**
   * Returns what became of a question; empty if the account has none of that token.
   *
   * @throws QuestionFault if the question was at fault
   */
  Optional<State> fetch(String account, String token) throws InterruptedException {
    Open query = open.get(token);
    return query == null || !query.account().equals(account)
        ? Optional.empty()
        : Optional.of(await(token, query));
  }

  private State await(String token, Open query) throws InterruptedException {
    try {
      ReadingDesk.Reply reply = query.reply().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      open.remove(token);
      return new State.Completed(reply);
    } catch (TimeoutException e) {
      return new State.Running(token);
    } catch (ExecutionException e) {
      open.remove(token);
      throw e.getCause() instanceof QuestionFault fault
          ? fault
          : new IllegalStateException("A question failed", e.getCause());
    }
  }

  /** Gives up the questions that run. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
