package bedload.model;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Random;

/** A model server in virtual time, with a never ending job in front of it. */
final class SimulatedServer {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1000 * MILLI;

  /** How long calls take. */
  enum Lengths {
    /** All the same, and nobody counts tokens. */
    FIXED,
    /** Answers of very different lengths, as long as they have tokens. */
    LOGNORMAL
  }

  /**
   * What the server is like.
   *
   * @param slots calls that it works on at once; others wait, or are refused
   * @param serviceNanos mean time of a call that has a slot
   * @param refuses beyond its slots, instead of letting wait
   */
  record Form(int slots, long serviceNanos, Lengths lengths, boolean refuses) {}

  /** What came of it; shares are of what the slots could do. */
  record Result(
      double share, double plateau, double fullAfterSeconds, int size, int peak, double refused) {}

  private static final class Call {
    private final long began;
    private final int inFlight;
    private final double work;
    private long endsAt;

    private Call(long began, int inFlight, double work) {
      this.began = began;
      this.inFlight = inFlight;
      this.work = work;
    }
  }

  private final Random random;
  private final Window window;
  private Form form;
  private final long holdNanos;
  private long now;
  private int inFlight;
  private int busy;
  private final ArrayDeque<Call> line = new ArrayDeque<>();
  // Calls being worked on, and then those whose answers are being kept.
  private final PriorityQueue<Call> working = new PriorityQueue<>(SimulatedServer::bySooner);
  private final PriorityQueue<Call> keeping = new PriorityQueue<>(SimulatedServer::bySooner);
  private final PriorityQueue<Call> refusals = new PriorityQueue<>(SimulatedServer::bySooner);

  private SimulatedServer(Window window, Form form, long holdNanos, long seed) {
    this.window = window;
    this.form = form;
    this.holdNanos = holdNanos;
    this.random = new Random(seed);
  }

  private static int bySooner(Call a, Call b) {
    return Long.compare(a.endsAt, b.endsAt);
  }

  static Result run(Window window, Form form, int seconds, long seed) {
    return run(window, form, form, seconds, seed);
  }

  /** Runs for some seconds; at half time the server becomes another. */
  static Result run(Window window, Form first, Form second, int seconds, long seed) {
    return new SimulatedServer(window, first, 5 * MILLI, seed).run(second, seconds * SECOND);
  }

  private Result run(Form second, long until) {
    double usedNanos = 0;
    double usedLate = 0;
    double possible = 0;
    double possibleLate = 0;
    long fullAt = -1;
    int peak = 0;
    long answered = 0;
    long refused = 0;
    while (now < until) {
      if (now >= until / 2) {
        form = second;
      }
      while (inFlight < window.size(now)) {
        launch();
      }
      peak = Math.max(peak, inFlight);
      while (busy < form.slots() && !line.isEmpty()) {
        work(line.remove());
      }
      if (busy >= form.slots() && fullAt < 0) {
        fullAt = now;
      }
      long next = Math.min(Math.min(end(working), end(keeping)), end(refusals));
      next = Math.min(next, now + 20 * MILLI);
      double lasted = next - now;
      usedNanos += Math.min(busy, form.slots()) * lasted;
      possible += form.slots() * lasted;
      if (now > until / 3) {
        usedLate += Math.min(busy, form.slots()) * lasted;
        possibleLate += form.slots() * lasted;
      }
      now = next;
      while (end(working) <= now) {
        Call call = working.remove();
        busy--;
        call.endsAt = now + (long) (holdNanos * 2 * random.nextDouble());
        keeping.add(call);
      }
      while (end(keeping) <= now) {
        Call call = keeping.remove();
        inFlight--;
        answered++;
        window.answered(
            call.began,
            call.inFlight,
            now,
            form.lengths() == Lengths.FIXED ? 1 : Math.round(call.work * 100));
      }
      while (end(refusals) <= now) {
        Call call = refusals.remove();
        inFlight--;
        refused++;
        window.refused(call.began, inFlight, now);
      }
    }
    return new Result(
        usedNanos / possible,
        usedLate / possibleLate,
        fullAt / 1e9,
        window.size(now),
        peak,
        (double) refused / (refused + answered));
  }

  private static long end(PriorityQueue<Call> calls) {
    Call first = calls.peek();
    return first == null ? Long.MAX_VALUE : first.endsAt;
  }

  private void launch() {
    inFlight++;
    double work =
        form.lengths() == Lengths.FIXED
            ? 1
            : Math.clamp(Math.exp(0.8 * random.nextGaussian() - 0.32), 0.05, 10);
    Call call = new Call(now, inFlight, work);
    if (form.refuses() && busy + line.size() >= form.slots()) {
      call.endsAt = now + 2 * MILLI;
      refusals.add(call);
    } else {
      line.add(call);
      if (busy < form.slots()) {
        work(line.remove());
      }
    }
  }

  private void work(Call call) {
    busy++;
    call.endsAt = now + (long) (call.work * form.serviceNanos());
    working.add(call);
  }

  /** Prints how a window does at servers of many forms: for whoever changes it. */
  public static void main(String[] args) {
    int initial = args.length > 0 ? Integer.parseInt(args[0]) : 32;
    for (boolean refuses : new boolean[] {false, true}) {
      for (Lengths lengths : Lengths.values()) {
        for (int slots : new int[] {1, 8, 64, 512}) {
          for (long service : new long[] {200, 2000}) {
            Form form = new Form(slots, service * MILLI, lengths, refuses);
            double share = 1;
            double plateau = 1;
            double meanPlateau = 0;
            double full = 0;
            double refused = 0;
            StringBuilder sizes = new StringBuilder();
            int peak = 0;
            int seeds = 10;
            for (long seed = 1; seed <= seeds; seed++) {
              Result result = run(new Window(initial, 1024, 0), form, 60, seed);
              share = Math.min(share, result.share());
              plateau = Math.min(plateau, result.plateau());
              meanPlateau += result.plateau() / seeds;
              full = Math.max(full, result.fullAfterSeconds());
              refused = Math.max(refused, result.refused());
              peak = Math.max(peak, result.peak());
              sizes.append(result.size()).append(' ');
            }
            System.out.printf(
                "%-9s %-6s C=%3d S=%4d share>=%.3f plateau>=%.3f (mean %.3f) full<=%.2f refused<=%.3f peak=%d sizes %s%n",
                lengths,
                refuses ? "429" : "queue",
                slots,
                service,
                share,
                plateau,
                meanPlateau,
                full,
                refused,
                peak,
                sizes);
          }
        }
      }
    }
  }
}
