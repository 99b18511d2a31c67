package bedload.command;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A model server that works on so many calls at once, for as long as each takes; what comes beyond
 * waits without a word, or is refused. It keeps account of how well its slots were used.
 */
final class SlotServer implements BenchServer {
  /**
   * The longest answer, in mean ones: one of many times more would be all that a short run shows.
   */
  private static final double LONGEST = 4;

  private static final double SPREAD = 0.8;
  private static final int MEAN_TOKENS = 200;

  /**
   * What it is like.
   *
   * @param slots calls that it works on at once
   * @param service the mean time of a call that has a slot; zero for none at all
   * @param varied whether answers differ in length, and take their time by it
   * @param refuses whether it refuses what comes beyond the slots
   */
  record Form(int slots, Duration service, boolean varied, boolean refuses) {}

  /** One call's time in its slot, on the clock of {@link System#nanoTime()}. */
  private record Stay(long began, long ended) {}

  /**
   * How its slots were used.
   *
   * @param share of all slots' time from the first call to the last answer
   * @param plateau the same of the middle half of that time
   * @param fullAfterSeconds from the first call until all slots were taken; negative if never
   */
  record Use(
      double share,
      double plateau,
      double fullAfterSeconds,
      double seconds,
      int mostAtOnce,
      long refused) {}

  private final Form form;
  private final LoopbackServer server;
  private final Semaphore free;
  private final AtomicLong number = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicInteger present = new AtomicInteger();
  private final AtomicInteger mostPresent = new AtomicInteger();
  private final ConcurrentLinkedQueue<Long> received = new ConcurrentLinkedQueue<>();
  private final List<Stay> stays = new ArrayList<>();

  private SlotServer(Form form) throws IOException {
    this.form = form;
    this.free = new Semaphore(form.slots(), true);
    this.server = LoopbackServer.start(this::serve);
  }

  /** Starts a server on a free port of this machine. */
  static SlotServer start(Form form) throws IOException {
    return new SlotServer(form);
  }

  @Override
  public URI url() {
    return server.url();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      received.add(System.nanoTime());
      mostPresent.accumulateAndGet(present.incrementAndGet(), Math::max);
      try {
        answer(exchange);
      } finally {
        present.decrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException, InterruptedException {
    if (!form.refuses()) {
      free.acquire();
    } else if (!free.tryAcquire()) {
      refused.incrementAndGet();
      send(exchange, 429, "{\"error\":{\"message\":\"all slots are taken\"}}");
      return;
    }
    long began = System.nanoTime();
    double length;
    try {
      length = length(form, number.getAndIncrement());
      Thread.sleep(Duration.ofNanos((long) (form.service().toNanos() * length)));
    } finally {
      free.release();
    }
    synchronized (stays) {
      stays.add(new Stay(began, System.nanoTime()));
    }
    long tokens = Math.max(1, Math.round(length * MEAN_TOKENS));
    send(
        exchange,
        200,
        """
        {"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"done"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":%d,"total_tokens":%d}}
        """
            .formatted(tokens, tokens + 20)
            .strip());
  }

  /**
   * Returns the share of all slots' time that a job of so many calls would use at best: if every
   * slot took the next call in the very moment in which it was free. The last answers leave slots
   * idle, whoever sends the calls.
   */
  static double bestShare(Form form, int calls) {
    PriorityQueue<Double> slots = new PriorityQueue<>();
    double work = 0;
    double end = 0;
    for (int call = 0; call < calls; call++) {
      double from = slots.size() < form.slots() ? 0 : slots.remove();
      double length = length(form, call);
      slots.add(from + length);
      work += length;
      end = Math.max(end, from + length);
    }
    return work / form.slots() / end;
  }

  private static double length(Form form, long call) {
    if (!form.varied()) {
      return 1;
    }
    SplittableRandom random = new SplittableRandom(call * 0x9E3779B97F4A7C15L);
    double length = Math.exp(SPREAD * random.nextGaussian() - SPREAD * SPREAD / 2);
    return Math.clamp(length, 0.05, LONGEST);
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Returns how the slots were used so far; there must have been a call. */
  Use use() {
    List<Stay> all;
    synchronized (stays) {
      all = List.copyOf(stays);
    }
    long first = all.stream().mapToLong(Stay::began).min().orElseThrow();
    long last = all.stream().mapToLong(Stay::ended).max().orElseThrow();
    long quarter = (last - first) / 4;
    return new Use(
        share(all, first, last),
        share(all, first + quarter, last - quarter),
        fullAfterSeconds(all, first),
        (last - first) / 1e9,
        mostPresent.get(),
        refused.get());
  }

  /** Returns when the first call came after a time; empty if none has yet. */
  OptionalLong firstCallAfter(long nanos) {
    return received.stream().mapToLong(Long::longValue).filter(at -> at > nanos).min();
  }

  private double share(List<Stay> all, long from, long to) {
    double used = 0;
    for (Stay stay : all) {
      used += Math.max(0, Math.min(stay.ended(), to) - Math.max(stay.began(), from));
    }
    return used / form.slots() / Math.max(1, to - from);
  }

  private double fullAfterSeconds(List<Stay> all, long first) {
    List<Long> begins = all.stream().map(Stay::began).sorted().toList();
    List<Long> ends = all.stream().map(Stay::ended).sorted().toList();
    int taken = 0;
    int ended = 0;
    for (long begin : begins) {
      while (ends.get(ended) <= begin) {
        ended++;
        taken--;
      }
      taken++;
      if (taken == form.slots()) {
        return (begin - first) / 1e9;
      }
    }
    return -1;
  }

  @Override
  public void close() {
    server.close();
  }
}
