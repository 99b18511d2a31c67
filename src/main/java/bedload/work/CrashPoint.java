package bedload.work;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The durable steps of the engine, by name: after each of them the process may die, and the next
 * start must go on from there. The test of that promise sets the system property {@code
 * bedload.crash} to {@code NAME:HIT}, and the process halts when the point is passed for the HIT-th
 * time. Without the property a point is nothing.
 */
enum CrashPoint {
  VALIDATING_BEGUN,
  SCHEDULED,
  STARTED,
  SHARD_CLAIMED,
  ORPHAN_ADOPTED,
  LEFT_OVER_ADOPTED,
  /** A permit is taken and the lease is proven; the call comes next. */
  CALL_DUE,
  /** The model has answered, and nobody has written it down. */
  ANSWERED,
  JOURNALED,
  /** The segment's object is there, and no row knows it. */
  SEGMENT_PUT,
  SEGMENT_COMMITTED,
  JOURNAL_DELETED,
  SHARD_FINISHED,
  /** A segment became part of an output that nobody sees yet, within the store. */
  PART_COPIED,
  OUTPUT_WRITTEN,
  MANIFEST_WRITTEN,
  ENDED,
  SEGMENTS_DELETED,
  SHARDS_FORGOTTEN,
  JOURNALS_FORGOTTEN;

  private static final String PROPERTY = "bedload.crash";
  private static final @Nullable Trap TRAP = Trap.read(System.getProperty(PROPERTY));

  /** The exit status of a process that was made to die. */
  static final int DEAD = 137;

  /** Where the process is to die. */
  private record Trap(CrashPoint point, int hit, AtomicInteger passed) {
    static @Nullable Trap read(@Nullable String text) {
      if (text == null) {
        return null;
      }
      String[] parts = text.split(":");
      return new Trap(
          CrashPoint.valueOf(parts[0]), Integer.parseInt(parts[1]), new AtomicInteger());
    }
  }

  /** Notes that the step was taken. */
  void pass() {
    Trap trap = TRAP;
    if (trap != null && trap.point() == this && trap.passed().incrementAndGet() == trap.hit()) {
      // As abrupt as SIGKILL: no hooks, no flushing, no last words.
      Runtime.getRuntime().halt(DEAD);
    }
  }
}
