package bedload.command;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model server that writes down when it received a call for a record and when it answered. What
 * was paid twice is told from that alone.
 */
final class PaidCalls implements AutoCloseable {
  private static final Pattern RECORD = Pattern.compile("Record ([0-9]+)");

  /** A call may reach the server when its sender is dead already; none is ready again so soon. */
  private static final Duration LATE = Duration.ofMillis(500);

  /** A call that was answered, on the clock of {@link System#nanoTime()}. */
  private record Paid(long received, long answered) {}

  /**
   * Calls made again.
   *
   * @param answered for each kill, those that had been answered before it
   * @param inFlight for each kill, those that were in flight when it came
   * @param others those that no kill explains
   */
  record Repeats(List<Integer> answered, List<Integer> inFlight, int others) {}

  private final LoopbackServer server;
  private final int leastMillis;
  private final int mostMillis;
  private final Map<Integer, List<Paid>> calls = new ConcurrentHashMap<>();
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();

  private PaidCalls(int leastMillis, int mostMillis) throws IOException {
    this.leastMillis = leastMillis;
    this.mostMillis = mostMillis;
    this.server = LoopbackServer.start(this::serve);
  }

  /** Starts one on a free port of this machine, whose answers take between two times. */
  static PaidCalls start(int leastMillis, int mostMillis) throws IOException {
    return new PaidCalls(leastMillis, mostMillis);
  }

  /** Returns the base URL, as a model's entry names it. */
  URI url() {
    return server.url();
  }

  /** Returns how many calls have come. */
  int received() {
    return received.get();
  }

  /** Returns how many calls were answered, those for nobody included. */
  int answers() {
    return answers.get();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Matcher record = RECORD.matcher(body);
      if (!record.find()) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      final long began = System.nanoTime();
      received.incrementAndGet();
      Thread.sleep(
          Duration.ofMillis(ThreadLocalRandom.current().nextInt(leastMillis, mostMillis + 1)));
      byte[] answer =
          """
          {"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}
          """
              .formatted(record.group())
              .strip()
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      // Before it is sent: whoever is killed from now on has paid for it.
      calls
          .computeIfAbsent(Integer.valueOf(record.group(1)), _ -> new CopyOnWriteArrayList<>())
          .add(new Paid(began, System.nanoTime()));
      answers.incrementAndGet();
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Tells which calls were made again because of which kill.
   *
   * @param kills the times at which they were sent, in their order
   */
  Repeats repeats(List<Long> kills) {
    int[] answered = new int[kills.size()];
    int[] inFlight = new int[kills.size()];
    int others = 0;
    for (List<Paid> paid : calls.values()) {
      List<Paid> ofRecord =
          paid.stream().sorted((a, b) -> Long.compare(a.received, b.received)).toList();
      for (int i = 0; i + 1 < ofRecord.size(); i++) {
        Paid earlier = ofRecord.get(i);
        int kill = lastBefore(kills, ofRecord.get(i + 1).received());
        if (kill < 0 || earlier.received() > kills.get(kill) + LATE.toNanos()) {
          others++;
        } else if (earlier.answered() < kills.get(kill)) {
          answered[kill]++;
        } else {
          inFlight[kill]++;
        }
      }
    }
    return new Repeats(
        Arrays.stream(answered).boxed().toList(), Arrays.stream(inFlight).boxed().toList(), others);
  }

  private static int lastBefore(List<Long> kills, long time) {
    int kill = kills.size() - 1;
    while (kill >= 0 && kills.get(kill) > time) {
      kill--;
    }
    return kill;
  }

  @Override
  public void close() {
    server.close();
  }
}
