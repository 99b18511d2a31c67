package bedload.work;

import bedload.job.JobId;
import bedload.job.Lease;
import bedload.job.Shard;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's journals: {@code <job>/<shard>-<epoch>-<sequence>}. One thread brings all of them to
 * the disk together, so that a power cut costs a moment's answers however many shards run.
 *
 * <p>When the disk takes no more, the node pauses: no call is paid whose answer could not be
 * written down, until the disk has room again. Thread-safe.
 */
public final class Journals implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Journals.class);
  private static final Duration FORCE_EVERY = Duration.ofMillis(50);

  /** A paused node looks this often whether the disk has room again. */
  private static final int FORCES_PER_PROBE = 20;

  private final JournalDisk disk;
  private final Set<Journal> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final WorkMeter meter;
  private final Object writable = new Object();
  // Guarded by writable.
  private @Nullable String pause;

  /** Keeps journals on a disk; somebody has to call {@link #forceAll} and {@link #probe}. */
  Journals(JournalDisk disk) {
    this(disk, WorkMeter.NONE);
  }

  private Journals(JournalDisk disk, WorkMeter meter) {
    this.disk = disk;
    this.meter = meter;
  }

  /** As the other, with nobody who counts. */
  static Journals open(Path folder) {
    return open(folder, WorkMeter.NONE);
  }

  /** Keeps journals in a folder, and forces what is written there until it is closed. */
  static Journals open(Path folder, WorkMeter meter) {
    Journals journals = new Journals(new FolderDisk(folder), meter);
    Thread.ofPlatform().name("journal-force").daemon().start(journals::forceUntilClosed);
    return journals;
  }

  /** Begins the journal of a lease's next segment. */
  Journal create(Lease lease, int sequence) throws IOException {
    Shard shard = lease.shard();
    String name = "%d-%d-%d".formatted(shard.number(), lease.epoch(), sequence);
    Journal journal = new Journal(shard.job(), name, disk.create(shard.job(), name));
    open.add(journal);
    return journal;
  }

  /** Returns the answers in a journal; see {@link Journal#read}. */
  List<Answer> read(JobId job, String name) throws IOException {
    try (var in = disk.read(job, name)) {
      return Journal.read(in);
    }
  }

  /** Closes a journal; its file stays until it is deleted. */
  void close(Journal journal) throws IOException {
    open.remove(journal);
    journal.force();
    journal.close();
  }

  /** Closes a journal whose answers are durable elsewhere, and deletes its file. */
  void delete(Journal journal) throws IOException {
    open.remove(journal);
    journal.close();
    disk.delete(journal.job(), journal.name());
  }

  /** Deletes the file of an earlier claim whose answers are durable elsewhere. */
  void delete(JobId job, String name) throws IOException {
    disk.delete(job, name);
  }

  /** Returns the names of what earlier claims of a shard left on this node, oldest first. */
  List<String> leftOvers(Lease lease) throws IOException {
    return of(lease.shard()).stream().filter(name -> number(name, 1) < lease.epoch()).toList();
  }

  /** Returns the names of all that there is of a shard on this node, oldest first. */
  List<String> of(Shard shard) throws IOException {
    String prefix = shard.number() + "-";
    return disk.names(shard.job()).stream()
        .filter(name -> name.startsWith(prefix))
        .sorted(
            Comparator.<String>comparingInt(name -> number(name, 1))
                .thenComparingInt(name -> number(name, 2)))
        .toList();
  }

  private static int number(String name, int part) {
    return Integer.parseInt(name.split("-")[part]);
  }

  /** Returns the jobs that have journals here. */
  List<JobId> jobs() throws IOException {
    return disk.jobs();
  }

  /** Removes all that is here of a job that has ended. */
  void forget(JobId job) throws IOException {
    disk.deleteAll(job);
  }

  /** Notes that an answer could not be written down: until {@link #probe} succeeds all wait. */
  void pause(IOException reason) {
    synchronized (writable) {
      if (pause == null) {
        pause =
            "Paused: the journal in %s cannot be written (%s). No call is made meanwhile; it goes on by itself once the disk takes data again."
                .formatted(disk, reason.getMessage());
        LOG.error("{}", pause);
      }
    }
  }

  /** Pauses if the disk takes no data: better before the first call than after it. */
  void check() {
    try {
      disk.requireWritable();
    } catch (IOException e) {
      pause(e);
    }
  }

  /** Returns why nothing can be written now, as a sentence for the job's owner; null if it can. */
  @Nullable String paused() {
    synchronized (writable) {
      return pause;
    }
  }

  /** Waits until answers can be written down. */
  void awaitWritable() throws InterruptedException {
    synchronized (writable) {
      while (pause != null) {
        writable.wait();
      }
    }
  }

  /** Ends a pause if the disk takes data again. */
  void probe() {
    if (paused() == null) {
      return;
    }
    try {
      disk.requireWritable();
    } catch (IOException e) {
      LOG.debug("The journal's disk still takes nothing: {}", e.getMessage());
      return;
    }
    synchronized (writable) {
      pause = null;
      writable.notifyAll();
    }
    LOG.info("The journal's disk takes data again: work goes on");
  }

  private void forceUntilClosed() {
    try {
      for (int turn = 1; !closing.await(FORCE_EVERY.toMillis(), TimeUnit.MILLISECONDS); turn++) {
        forceAll();
        if (turn % FORCES_PER_PROBE == 0) {
          probe();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Brings every open journal to the disk. */
  void forceAll() {
    for (Journal journal : open) {
      long began = System.nanoTime();
      try {
        if (journal.force()) {
          meter.journalForced(Duration.ofNanos(System.nanoTime() - began));
          CrashPoint.JOURNAL_FORCED.pass();
        }
      } catch (IOException e) {
        // What was written may never reach the disk: like a write that failed, but nothing is lost
        // unless the power fails before the segment is written.
        pause(e);
      }
    }
  }

  @Override
  public void close() {
    closing.countDown();
    for (Journal journal : open) {
      try {
        close(journal);
      } catch (IOException e) {
        LOG.warn("Cannot close the journal {} in order: {}", journal.name(), e.getMessage());
      }
    }
  }
}
