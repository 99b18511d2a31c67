package bedload.work;

import bedload.job.JobId;
import bedload.job.Lease;
import bedload.job.Shard;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's folder of journals: {@code <job>/<shard>-<epoch>-<sequence>}. One thread brings all of
 * them to the disk together, so that a power cut costs a moment's answers however many shards run.
 * Thread-safe.
 */
public final class Journals implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Journals.class);
  private static final Duration FORCE_EVERY = Duration.ofMillis(50);

  private final Path folder;
  private final Set<Journal> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final WorkMeter meter;
  private final Thread forcer;

  /** As the other, with nobody who counts. */
  public Journals(Path folder) {
    this(folder, WorkMeter.NONE);
  }

  /** Opens the folder and begins to force what is written there. */
  Journals(Path folder, WorkMeter meter) {
    this.folder = folder;
    this.meter = meter;
    this.forcer = Thread.ofPlatform().name("journal-force").daemon().start(this::forceUntilClosed);
  }

  /** Begins the journal of a lease's next segment. */
  Journal create(Lease lease, int sequence) throws IOException {
    Shard shard = lease.shard();
    Journal journal =
        Journal.create(
            folderOf(shard.job())
                .resolve("%d-%d-%d".formatted(shard.number(), lease.epoch(), sequence)));
    open.add(journal);
    return journal;
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
    delete(journal.file());
  }

  /** Deletes the file of an earlier claim whose answers are durable elsewhere. */
  void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Returns the files that earlier claims of a shard left on this node, oldest first. */
  List<Path> leftOvers(Lease lease) throws IOException {
    Path jobFolder = folderOf(lease.shard().job());
    if (!Files.isDirectory(jobFolder)) {
      return List.of();
    }
    String prefix = lease.shard().number() + "-";
    try (Stream<Path> files = Files.list(jobFolder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .filter(file -> epochOf(file) < lease.epoch())
          .sorted(Comparator.comparingInt(Journals::epochOf).thenComparing(Path::toString))
          .toList();
    }
  }

  private static int epochOf(Path file) {
    return Integer.parseInt(file.getFileName().toString().split("-")[1]);
  }

  /** Returns the jobs that have a folder here. */
  List<JobId> jobs() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .map(path -> path.getFileName().toString())
          .filter(JobId::isValid)
          .map(JobId::new)
          .toList();
    }
  }

  /** Removes all that is here of a job that has ended. */
  void forget(JobId job) throws IOException {
    Path jobFolder = folderOf(job);
    if (!Files.isDirectory(jobFolder)) {
      return;
    }
    try (Stream<Path> files = Files.list(jobFolder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(jobFolder);
  }

  private Path folderOf(JobId job) {
    return folder.resolve(job.value());
  }

  private void forceUntilClosed() {
    try {
      while (!closing.await(FORCE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        open.forEach(this::force);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void force(Journal journal) {
    long began = System.nanoTime();
    try {
      if (journal.force()) {
        meter.journalForced(Duration.ofNanos(System.nanoTime() - began));
      }
    } catch (IOException e) {
      // The answers are in the page cache and on their way to the object store: only a power cut
      // could lose them.
      LOG.warn("Cannot bring {} to the disk: {}", journal.file(), e.getMessage());
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      forcer.join();
      for (Journal journal : open) {
        close(journal);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
