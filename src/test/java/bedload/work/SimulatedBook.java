package bedload.work;

import bedload.job.JobId;
import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.job.Shard;
import bedload.ledger.RecordFailure;
import bedload.ledger.Segment;
import bedload.ledger.ShardBook;
import bedload.ledger.Shards;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The rows of one job's shards and segments in memory, with the rules of {@link Shards}. */
final class SimulatedBook implements ShardBook {
  /** Runs around every statement; may throw, before or after it. */
  interface Fate {
    <T> T around(Supplier<T> transaction);
  }

  /** A rule that is left out, to see that somebody notices. */
  enum Flaw {
    NONE,
    /** Commits and ends are taken whatever their epoch. */
    NO_FENCE,
    /** A shard is given to whoever asks, though another has picked its task. */
    NO_PICK,
    /** The end of the last shard and the call for assembly are two transactions. */
    TWO_TRANSACTIONS
  }

  private static final class Row {
    private final Shard shard;
    private final List<Segment> segments = new ArrayList<>();
    private int epoch;
    private boolean isDone;

    Row(Shard shard) {
      this.shard = shard;
    }
  }

  /** What all views share. */
  private static final class Rows {
    private final List<Row> shards = new ArrayList<>();
    private boolean isAssemblyDue;
  }

  /** Says whether a node has the task of a shard. */
  interface Picks {
    boolean test(int number, String node);
  }

  private final Rows rows;
  private final Flaw flaw;
  private final Picks isPicked;
  private final Fate fate;

  SimulatedBook(List<Shard> shards, Flaw flaw, Picks isPicked, Fate fate) {
    this(new Rows(), flaw, isPicked, fate);
    shards.forEach(shard -> rows.shards.add(new Row(shard)));
  }

  private SimulatedBook(Rows rows, Flaw flaw, Picks isPicked, Fate fate) {
    this.rows = rows;
    this.flaw = flaw;
    this.isPicked = isPicked;
    this.fate = fate;
  }

  /** Returns the same rows as another connection reaches them. */
  SimulatedBook seenBy(Fate other) {
    return new SimulatedBook(rows, flaw, isPicked, other);
  }

  private Row row(Shard shard) {
    return rows.shards.get(shard.number());
  }

  private boolean holds(Lease lease) {
    Row row = row(lease.shard());
    return flaw == Flaw.NO_FENCE || (row.epoch == lease.epoch() && !row.isDone);
  }

  @Override
  public Optional<Lease> claim(JobId job, int number, String node) {
    return fate.around(
        () -> {
          Row row = rows.shards.get(number);
          if (row.isDone || (flaw != Flaw.NO_PICK && !isPicked.test(number, node))) {
            return Optional.empty();
          }
          row.epoch++;
          return Optional.of(new Lease(row.shard, row.epoch));
        });
  }

  @Override
  public List<Segment> segments(Shard shard) {
    return fate.around(
        () ->
            row(shard).segments.stream()
                .sorted(Comparator.comparingInt(Segment::epoch).thenComparingInt(Segment::sequence))
                .toList());
  }

  @Override
  public boolean commit(Lease lease, Segment segment, List<RecordFailure> failures) {
    return fate.around(
        () -> {
          if (!holds(lease)) {
            return false;
          }
          List<Segment> known = row(lease.shard()).segments;
          boolean isNew =
              known.stream()
                  .noneMatch(
                      each ->
                          each.epoch() == segment.epoch() && each.sequence() == segment.sequence());
          if (isNew) {
            known.add(segment);
          }
          return true;
        });
  }

  @Override
  public Shards.Pulse pulse(Lease lease) {
    return fate.around(() -> holds(lease) ? Shards.Pulse.GO_ON : Shards.Pulse.LOST);
  }

  @Override
  public boolean finish(Lease lease, boolean complete) {
    if (flaw == Flaw.TWO_TRANSACTIONS) {
      boolean held = fate.around(() -> end(lease));
      fate.around(this::callForAssemblyIfLast);
      return held;
    }
    return fate.around(
        () -> {
          boolean held = end(lease);
          return callForAssemblyIfLast() && held;
        });
  }

  private boolean end(Lease lease) {
    boolean held = holds(lease);
    if (held) {
      row(lease.shard()).isDone = true;
    }
    return held;
  }

  private boolean callForAssemblyIfLast() {
    rows.isAssemblyDue |= rows.shards.stream().allMatch(row -> row.isDone);
    return true;
  }

  /** Says whether the last end has called for assembly. */
  boolean isAssemblyDue() {
    return rows.isAssemblyDue;
  }

  /** Returns the epoch of the latest claim. */
  int epoch(Shard shard) {
    return row(shard).epoch;
  }

  /** Returns what is durable, without a question to the database. */
  List<Segment> committed(Shard shard) {
    return row(shard).segments;
  }

  /** Says whether a segment with an answer for the record is recorded. */
  boolean isDurable(Shard shard, int ordinal) {
    return row(shard).segments.stream().anyMatch(each -> each.ordinals().contains(ordinal));
  }

  /** Returns the first segment that repeats a record of another; empty if none does. */
  Optional<Segment> repeated(Shard shard) {
    Ordinals all = Ordinals.none();
    for (Segment segment : row(shard).segments) {
      if (all.intersects(segment.ordinals())) {
        return Optional.of(segment);
      }
      all.addAll(segment.ordinals());
    }
    return Optional.empty();
  }
}
