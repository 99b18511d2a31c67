package bedload.work;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.job.Shard;
import bedload.ledger.JobSpecs;
import bedload.ledger.Segment;
import bedload.object.ObjectUpload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One job on a few nodes under one thread, one virtual clock and one seed. Everything may fail
 * until the faults end; then the job has to end, too. What every event must leave true is checked
 * after it.
 */
final class Simulation {
  static final int RECORDS = 8;
  private static final int SHARDS = 2;
  private static final int NODES = 3;
  private static final long FAULTS_END = Duration.ofMinutes(4).toNanos();
  private static final long PATIENCE = Duration.ofMinutes(30).toNanos();
  private static final Heartbeat HEARTBEAT = Heartbeat.DEFAULT;

  /** A promise that was broken. */
  static final class Violation extends RuntimeException {
    Violation(String message) {
      super(message);
    }
  }

  /** Something that happens to a process at a time; nothing if that process is gone by then. */
  private record Event(long at, long order, SimulatedNode node, int life, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  final JobId id = new JobId("simulatedjob");
  final List<Shard> shards =
      IntStream.range(0, SHARDS)
          .mapToObj(number -> new Shard(id, number, 0, number, number + 1, 0, RECORDS))
          .toList();
  final Job job =
      new Job(
          id,
          AccountId.DEFAULT,
          "us-east-1",
          JobSpecs.named("simulated"),
          JobStatus.IN_PROGRESS,
          null,
          Instant.EPOCH,
          Instant.EPOCH,
          null,
          new RecordCounts((long) SHARDS * RECORDS, 0, 0));
  final SplittableRandom random;
  final SimulatedBook book;
  final MemoryStore store;
  final SimulatedTasks tasks;
  final boolean isLapseChecked;
  private final Path spool;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<String> trace = new ArrayList<>();
  private final boolean isTraced;
  private long now;
  private long order;
  private int depth;
  private long thaw = Long.MAX_VALUE;
  private boolean isCompleted;

  /**
   * @param spool a folder for the assembly's files
   * @param isTraced whether what happens is written down
   */
  Simulation(
      long seed, SimulatedBook.Flaw flaw, boolean isLapseChecked, Path spool, boolean isTraced) {
    this.random = new SplittableRandom(seed);
    this.isLapseChecked = isLapseChecked;
    this.spool = spool;
    this.isTraced = isTraced;
    this.tasks = new SimulatedTasks(SHARDS, HEARTBEAT.takeOver().toNanos());
    this.book = new SimulatedBook(shards, flaw, tasks::isOf, Supplier::get);
    this.store = new MemoryStore(Runnable::run, Set.of(job.spec().output().uri().bucket()));
    for (int i = 0; i < NODES; i++) {
      nodes.add(new SimulatedNode(this, "node-" + i));
    }
  }

  /** Runs until the job has ended. */
  void run() {
    nodes.forEach(node -> after(0, node, node::start));
    while (!isCompleted) {
      if (now > PATIENCE) {
        throw new Violation("the job hangs: its last shard may have ended and nobody noticed");
      }
      step();
    }
    requireWholeOutput();
  }

  /** Returns what has happened, one line each. */
  List<String> trace() {
    return trace;
  }

  long now() {
    return now;
  }

  /** Says whether something goes wrong that does so once in {@code odds} times. */
  boolean strikes(int odds) {
    return now < FAULTS_END && random.nextInt(odds) == 0;
  }

  void note(SimulatedNode node, String what) {
    if (isTraced) {
      trace.add("%9.3f s  %s: %s".formatted(now / 1e9, node, what));
    }
  }

  /** Lets something happen to the process that a node is now. */
  void after(long nanos, SimulatedNode node, Runnable action) {
    events.add(new Event(now + nanos, order++, node, node.life(), action));
  }

  /** Stops a node, wherever it stands, while the others go on. */
  void freeze(SimulatedNode node, long nanos) {
    if (depth == 2) {
      return;
    }
    note(node, "frozen for " + Duration.ofNanos(nanos));
    depth++;
    // Whoever is frozen while another is thaws first: its stack stands above the other's.
    long outer = thaw;
    long until = Math.min(outer, now + nanos);
    thaw = until;
    node.frozenUntil(until);
    while (!events.isEmpty() && events.peek().at() <= until && !isCompleted) {
      step();
    }
    now = Math.max(now, until);
    node.frozenUntil(-1);
    thaw = outer;
    depth--;
    note(node, "thawed");
  }

  private void step() {
    Event event = events.remove();
    SimulatedNode node = event.node();
    now = Math.max(now, event.at());
    if (event.life() != node.life()) {
      return;
    }
    if (now <= node.frozenUntil()) {
      events.add(new Event(node.frozenUntil() + 1, order++, node, event.life(), event.action()));
      return;
    }
    try {
      event.action().run();
    } catch (Death death) {
      node.die();
    }
    requireNothingTwice();
  }

  private void requireNothingTwice() {
    for (Shard shard : shards) {
      book.repeated(shard)
          .ifPresent(
              segment -> {
                throw new Violation(
                    "segment %d-%d of shard %d holds a record that another one holds, too"
                        .formatted(segment.epoch(), segment.sequence(), shard.number()));
              });
    }
  }

  /** Assembles as {@link Assembly} does; throws if anything is not as it should be. */
  void assemble(SimulatedNode node) throws IOException {
    SegmentReader reader = new SegmentReader(node.store(), node.objects(), spool);
    ObjectUpload out = node.store().upload(job.outputFolder().resolve("out"), "text/plain");
    int records = 0;
    for (Shard shard : shards) {
      List<Segment> segments = node.book().segments(shard);
      records += SegmentReader.union(shard, segments).size();
      reader.copy(shard, segments, out);
    }
    if (records < SHARDS * RECORDS) {
      throw new Violation("every shard has ended, and a record has no outcome");
    }
    out.complete();
    node.note("assembled");
    isCompleted = true;
  }

  private void requireWholeOutput() {
    String expected =
        shards.stream()
            .flatMap(shard -> IntStream.range(0, RECORDS).mapToObj(ordinal -> line(shard, ordinal)))
            .collect(Collectors.joining());
    String found;
    try (var in = store.read(job.outputFolder().resolve("out"))) {
      found = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IllegalStateException("Memory does not fail", e);
    }
    if (!found.equals(expected)) {
      throw new Violation("the output is not one line a record in order:\n" + found);
    }
    long tokens =
        shards.stream()
            .flatMap(shard -> book.committed(shard).stream())
            .mapToLong(segment -> java.util.Objects.requireNonNull(segment.tokens().input()))
            .sum();
    if (tokens != (long) SHARDS * RECORDS) {
      throw new Violation("tokens were not counted once each: " + tokens);
    }
  }

  static String line(Shard shard, int ordinal) {
    return shard.number() + "-" + ordinal + "\n";
  }
}
