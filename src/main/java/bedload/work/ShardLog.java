package bedload.work;

import bedload.job.Lease;
import bedload.job.Ordinals;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the answers of one lease and makes them durable: each at once in the journal, and every two
 * seconds or eight megabytes as a segment. Answers are added by many threads; one thread seals.
 */
final class ShardLog implements Closeable {
  static final Duration SEAL_EVERY = Duration.ofSeconds(2);
  static final long SEAL_BYTES = 8L << 20;

  /** While so much waits for the object store no further call is paid. */
  static final long CONGESTED_BYTES = 64L << 20;

  private static final long ROOM_LOOK_MILLIS = 250;

  private final Lease lease;
  private final Journals journals;
  private final SegmentWriter writer;
  private final Ordinals durable;
  private final LongSupplier nanoTime;

  private final Object lock = new Object();
  // Full journals, oldest first, each to become the segment of its number. Guarded by lock, as all
  // below.
  private final Deque<Numbered> full = new ArrayDeque<>();
  private @Nullable Numbered current;
  private long currentSinceNanos;
  private int nextSequence;
  private long waitingBytes;

  /**
   * @param firstSequence the number of the first segment; recovery may have used lower ones
   * @param durable the ordinals that segments hold; grows as segments are written
   */
  ShardLog(
      Lease lease,
      Journals journals,
      SegmentWriter writer,
      int firstSequence,
      Ordinals durable,
      LongSupplier nanoTime) {
    this.lease = lease;
    this.journals = journals;
    this.writer = writer;
    this.nextSequence = firstSequence;
    this.durable = durable;
    this.nanoTime = nanoTime;
  }

  private record Numbered(int sequence, Journal journal) {}

  /**
   * Keeps an answer; once this returns the death of the process does not lose it. Waits while the
   * disk takes no data: the answer is paid for.
   */
  void add(Answer answer) throws InterruptedException {
    while (!tryAdd(answer)) {
      journals.awaitWritable();
    }
  }

  /** Waits until an answer could be kept, so that none is paid for in vain. */
  void awaitWritable() throws InterruptedException {
    journals.awaitWritable();
  }

  /** Returns why no answer can be kept now, as a sentence; null if it can. */
  @Nullable String paused() {
    return journals.paused();
  }

  /**
   * Keeps an answer if the disk takes it.
   *
   * @return false if it does not: the node pauses
   */
  boolean tryAdd(Answer answer) {
    try {
      append(answer);
      return true;
    } catch (IOException e) {
      journals.pause(e);
      return false;
    }
  }

  private void append(Answer answer) throws IOException {
    synchronized (lock) {
      Numbered target = current;
      if (target == null) {
        target = new Numbered(nextSequence, journals.create(lease, nextSequence));
        CrashPoint.JOURNAL_CREATED.pass();
        nextSequence++;
        current = target;
        currentSinceNanos = nanoTime.getAsLong();
      }
      try {
        target.journal().append(answer);
        CrashPoint.JOURNALED.pass();
      } catch (IOException e) {
        // Half a frame may stand at its end, and what followed that could not be read back.
        turnOver();
        throw e;
      }
      waitingBytes += answer.line().length;
      if (target.journal().sizeBytes() >= SEAL_BYTES) {
        turnOver();
      }
    }
  }

  /** Returns the ordinals that segments hold by now. */
  Ordinals durable() {
    return Ordinals.fromBytes(durable.toBytes());
  }

  /**
   * Waits while the object store lags so far behind that no further call should be paid.
   *
   * @param isWanted whether to wait any longer
   */
  void awaitRoom(BooleanSupplier isWanted) throws InterruptedException {
    synchronized (lock) {
      while (waitingBytes > CONGESTED_BYTES && isWanted.getAsBoolean()) {
        lock.wait(ROOM_LOOK_MILLIS);
      }
    }
  }

  /**
   * Writes what is due as segments.
   *
   * @return false if the lease is void
   */
  boolean sealIfDue() throws IOException, InterruptedException {
    synchronized (lock) {
      if (current != null && nanoTime.getAsLong() - currentSinceNanos >= SEAL_EVERY.toNanos()) {
        turnOver();
      }
    }
    return sealFull();
  }

  /**
   * Writes all that is left; nobody may add any more.
   *
   * @return false if the lease is void
   */
  boolean sealAll() throws IOException, InterruptedException {
    synchronized (lock) {
      if (current != null) {
        turnOver();
      }
    }
    return sealFull();
  }

  // Nothing slow here: answers that wait for this lock are lost if the process dies meanwhile.
  private void turnOver() {
    if (current != null) {
      full.add(current);
      current = null;
    }
  }

  private boolean sealFull() throws IOException, InterruptedException {
    while (true) {
      Numbered oldest;
      synchronized (lock) {
        oldest = full.peek();
      }
      if (oldest == null) {
        return true;
      }
      Journal journal = oldest.journal();
      if (!writer.write(
          lease, oldest.sequence(), () -> journals.read(journal.job(), journal.name()), durable)) {
        return false;
      }
      // Only now: until the row is there, the file is what a successor would need.
      journals.delete(journal);
      CrashPoint.JOURNAL_DELETED.pass();
      synchronized (lock) {
        full.remove();
        waitingBytes -= journal.lineBytes();
        lock.notifyAll();
      }
    }
  }

  /** Lets go of the journals that no segment holds yet; their files stay for the next claim. */
  @Override
  public void close() throws IOException {
    synchronized (lock) {
      turnOver();
      for (Numbered left : full) {
        journals.close(left.journal());
      }
      full.clear();
    }
  }
}
