package bedload.ledger;

import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time, so that all nodes agree however wrong their own clocks are: sampled now and
 * then, carried on by the monotonic clock in between. Thread-safe.
 */
public final class DatabaseClock implements InstantSource, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final LongSupplier nanoTime;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Sample sample;

  /** Takes the first sample; fails if the database cannot be asked. */
  public DatabaseClock(Jdbi jdbi) {
    this(jdbi, System::nanoTime);
  }

  DatabaseClock(Jdbi jdbi, LongSupplier nanoTime) {
    this.jdbi = jdbi;
    this.nanoTime = nanoTime;
    this.sample = take(jdbi, nanoTime);
    Thread.ofVirtual().name("database-clock").start(this::sampleUntilClosed);
  }

  private record Sample(Instant time, long takenAtNanos) {}

  private static final String NOW =
      """
      select clock_timestamp()
      """;

  private static Sample take(Jdbi jdbi, LongSupplier nanoTime) {
    return jdbi.withHandle(
        handle -> {
          long before = nanoTime.getAsLong();
          Instant time = handle.createQuery(NOW).mapTo(OffsetDateTime.class).one().toInstant();
          // The answer was true somewhere between question and answer: take the middle.
          return new Sample(time, before + (nanoTime.getAsLong() - before) / 2);
        });
  }

  @Override
  public Instant instant() {
    Sample last = sample;
    return last.time().plusNanos(nanoTime.getAsLong() - last.takenAtNanos());
  }

  private void sampleUntilClosed() {
    try {
      while (!closing.await(SAMPLE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          sample = take(jdbi, nanoTime);
        } catch (RuntimeException e) {
          LOG.debug("No time from the database, going on by the last sample", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
