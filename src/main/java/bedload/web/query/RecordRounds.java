package bedload.web.query;

import bedload.catalog.RecordShelf;
import bedload.catalog.RecordShelf.Refill;
import bedload.catalog.RecordShelf.Request;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.ledger.Ledger;
import bedload.object.JobOutputs;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.object.OutputRecords;
import bedload.object.OutputRecords.OutputRecord;
import bedload.object.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads records out of jobs' outputs for whoever waits for them in SQL: of each account one job at
 * a time, of all accounts four. The steps are for one thread.
 */
public final class RecordRounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordRounds.class);
  private static final int MOST_AT_ONCE = 4;
  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

  /** As much of an output as is read for one request. */
  private static final long MOST_BYTES = 256L << 20;

  private final RecordShelf shelf;
  private final Ledger ledger;
  private final Function<Job, ObjectStore> stores;
  private final InstantSource clock;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Instant nextSweep = Instant.MIN;

  /**
   * Makes the rounds; nothing is read before the first step.
   *
   * @param stores the store that has a job's output
   */
  public RecordRounds(
      RecordShelf shelf, Ledger ledger, Function<Job, ObjectStore> stores, InstantSource clock) {
    this.shelf = shelf;
    this.ledger = ledger;
    this.stores = stores;
    this.clock = clock;
  }

  /** An output holds more than is read at once. */
  private static final class TooMuchException extends IOException {}

  /**
   * Begins to read what is waited for, and returns 0: who waits longer is found by the next step.
   */
  public int step() {
    for (Request request : shelf.requests()) {
      if (busy.size() < MOST_AT_ONCE && busy.add(request.account())) {
        threads.execute(
            () -> {
              try {
                shelf.claim(request).ifPresent(refill -> fill(request, refill));
              } finally {
                busy.remove(request.account());
              }
            });
      }
    }
    Instant now = clock.instant();
    if (!now.isBefore(nextSweep)) {
      nextSweep = now.plus(BETWEEN_SWEEPS);
      shelf.sweep();
    }
    return 0;
  }

  private void fill(Request request, Refill refill) {
    Optional<Job> job =
        ledger.find(new AccountId(request.account()), request.region(), new JobId(request.jobId()));
    if (job.isEmpty()) {
      refill.refuse("There is no job " + request.jobId());
      return;
    }
    try {
      refill.<IOException>fill(shelf -> pour(job.get(), request, shelf));
    } catch (TooMuchException e) {
      refill.refuse(
          "The records %d to %d of job %s are more than %d MB; ask for fewer of them at once"
              .formatted(request.first(), request.last(), request.jobId(), MOST_BYTES >> 20));
    } catch (ObjectStoreException | IOException e) {
      refill.refuse(
          "The output of job %s cannot be read: %s".formatted(request.jobId(), e.getMessage()));
    } catch (RuntimeException e) {
      LOG.warn("The records of job {} cannot be put where they can be asked", request.jobId(), e);
      refill.refuse(
          "The records of job %s cannot be shown; the service's log says why"
              .formatted(request.jobId()));
    }
  }

  private void pour(Job job, Request request, Refill.Shelving shelf) throws IOException {
    ObjectStore store = stores.apply(job);
    Stretch stretch = new Stretch(request, shelf);
    for (StoredObject output : JobOutputs.of(store, job)) {
      String uri = output.uri().toString();
      try (InputStream content = store.read(output.uri())) {
        if (!OutputRecords.read(content, read -> stretch.take(uri, read))) {
          return;
        }
      }
    }
    long written = job.counts().success() + job.counts().error();
    if (stretch.number < Math.min(request.last(), written)) {
      throw new IOException(
          "the job wrote %d records, and below %s there are %d"
              .formatted(written, JobOutputs.folder(job), stretch.number));
    }
  }

  /** Counts records over all outputs of a job, and hands on those that are wanted. */
  private static final class Stretch {
    private final Request request;
    private final Refill.Shelving shelf;
    private long number;
    private long bytes;

    Stretch(Request request, Refill.Shelving shelf) {
      this.request = request;
      this.shelf = shelf;
    }

    boolean take(String uri, OutputRecord read) throws IOException {
      number++;
      if (number < request.first()) {
        return true;
      }
      if (number > request.last()) {
        return false;
      }
      byte[] answer = read.modelOutput();
      OutputRecords.Failure error = read.error();
      long size = (long) read.modelInput().length + (answer == null ? 0 : answer.length);
      bytes += size;
      if (bytes > MOST_BYTES) {
        throw new TooMuchException();
      }
      shelf.put(
          new Refill.Row(
              number,
              uri,
              read.recordId(),
              new String(read.modelInput(), StandardCharsets.UTF_8),
              answer == null ? null : new String(answer, StandardCharsets.UTF_8),
              error == null ? null : error.code(),
              error == null ? null : error.message(),
              size));
      return true;
    }
  }

  /** Gives up what is being read; it is read again when it is asked for again. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
