package bedload.work;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The durable steps of the engine, by name: after each of them the process may die, and the next
 * start must go on from there. A test that watches the points ends the process at one of them;
 * unwatched, a point is nothing. {@code DurableStepsTest} fails for a step without a point, {@code
 * CrashPointsTest} for a point at which nobody died.
 */
enum CrashPoint {
  VALIDATING_BEGUN,
  /** The object that shows that output can be written is there, and has to go again. */
  PROBE_WRITTEN,
  SCHEDULED,
  STARTED,
  /** The job's timeout has come and is acted on. */
  TIMED_OUT,
  /** The end that a test clock had in store has been brought about. */
  ASKED_END_MET,
  FAILED,
  /** At a start: what this node had picked in its former life is free again. */
  PICKS_RELEASED,
  /** At a start: journals of jobs that ended meanwhile are gone. */
  OLD_JOURNALS_FORGOTTEN,
  /** What a silent node had picked is on the list again. */
  TAKEN_OVER,
  SHARD_CLAIMED,
  ORPHAN_ADOPTED,
  LEFT_OVER_ADOPTED,
  LEFT_OVER_DELETED,
  /** A permit is taken and the lease is proven; the call comes next. */
  CALL_DUE,
  /** The model has answered, and nobody has written it down. */
  ANSWERED,
  JOURNAL_CREATED,
  JOURNALED,
  /** The disk has what was journaled. */
  JOURNAL_FORCED,
  /** The answers of a segment are at hand; its object comes next. */
  SEGMENT_DUE,
  /** The segment's object is there, and no row knows it. */
  SEGMENT_PUT,
  SEGMENT_COMMITTED,
  JOURNAL_DELETED,
  /** If it was the job's last shard, its next step is on the list by the same transaction. */
  SHARD_FINISHED,
  /** A segment became part of an output that nobody sees yet, within the store. */
  PART_COPIED,
  /** An output's lines are all read, and nothing of them is to be seen. */
  OUTPUT_DUE,
  OUTPUT_WRITTEN,
  MANIFEST_WRITTEN,
  ENDED,
  SEGMENTS_DELETED,
  /** What a process that died had uploaded of an output is forgotten by the store. */
  UPLOADS_ABORTED,
  SHARDS_FORGOTTEN,
  JOURNALS_FORGOTTEN;

  private static volatile @Nullable Consumer<CrashPoint> watcher;

  /** Tells the watcher from now on of every point that is passed, on the thread that passes it. */
  static void watch(Consumer<CrashPoint> newWatcher) {
    watcher = newWatcher;
  }

  /** Notes that the step was taken. */
  void pass() {
    Consumer<CrashPoint> watching = watcher;
    if (watching != null) {
      watching.accept(this);
    }
  }
}
