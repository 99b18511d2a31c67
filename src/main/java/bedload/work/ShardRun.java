package bedload.work;

import bedload.job.InputObject;
import bedload.job.InputRecord;
import bedload.job.Job;
import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.job.RecordOutcome;
import bedload.job.TokenUsage;
import bedload.ledger.Shards;
import bedload.model.InFlightLimit;
import bedload.model.ServedModel;
import bedload.model.Turn;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.trace.ShardSpan;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a claimed shard: reads its lines, calls the model for every record that has no durable
 * answer, keeps the answers. The thread that runs it proves the lease, seals segments and watches
 * for the end; one thread feeds; each call has its own.
 */
final class ShardRun {
  private static final Logger LOG = LoggerFactory.getLogger(ShardRun.class);
  private static final Duration TICK = Duration.ofMillis(250);

  /** How a run ended. */
  enum End {
    /** Every record has its durable outcome. */
    COMPLETE,
    /** The job wanted no more; what is there is durable. */
    LEFT,
    /** The shard is another's. */
    LOST,
    /**
     * This node is going down, the store took no answers for a while, or a job without a place gets
     * this one; what is there is durable, and another claim goes on.
     */
    HANDED_OVER
  }

  private final Lease lease;
  private final Job job;
  private final InputObject input;
  private final Turn turn;
  private final ShardPlaces.Place place;
  private final ObjectStore store;
  private final Shards shards;
  private final ShardLog log;
  private final Ordinals durable;
  private final ServedModel model;
  private final LeaseProof proof;
  private final Drain drain;
  private final RecordMemory memory;
  private final Prefetch ahead;
  private final LeaseRetry retry;
  private final ShardSpan span;
  private final RecordReader reader = new RecordReader();
  private final AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean allFed;
  private volatile boolean someLeft;
  private volatile boolean ending;
  private volatile boolean isGivingWay;

  /** The feeding itself and each call in flight. */
  private final Phaser calls = new Phaser(1);

  /** Why the store does not take answers, and will not soon; null while it does. */
  private volatile @Nullable String refusal;

  private @Nullable String toldPause;
  private Shards.Pulse lastPulse = Shards.Pulse.GO_ON;

  /**
   * What is to be run.
   *
   * @param input the object that the shard is cut from
   * @param place on this node. Of a job's shards the one that took its place first goes first, so
   *     that they end one after another
   */
  record Part(Lease lease, Job job, InputObject input, ShardPlaces.Place place) {}

  /**
   * @param log what it holds already is not asked again
   * @param proof of this lease alone
   * @param drain this node's
   * @param memory likewise
   * @param ahead empty, and for this run alone
   * @param retry of this lease alone
   * @param span of this claim; ended by the caller
   */
  ShardRun(
      Part part,
      ObjectStore store,
      Shards shards,
      ShardLog log,
      ServedModel model,
      LeaseProof proof,
      Drain drain,
      RecordMemory memory,
      Prefetch ahead,
      LeaseRetry retry,
      ShardSpan span) {
    this.lease = part.lease();
    this.job = part.job();
    this.input = part.input();
    this.place = part.place();
    this.turn = new Turn(job.account().value(), job.id().value(), place.claim());
    this.store = store;
    this.shards = shards;
    this.log = log;
    this.durable = log.durable();
    this.model = model;
    this.proof = proof;
    this.drain = drain;
    this.memory = memory;
    this.ahead = ahead;
    this.retry = retry;
    this.span = span;
  }

  /**
   * Runs to the end; what was answered is durable when this returns, whichever end it is.
   *
   * @throws RefusedAnswers if the store refuses them; then they are in the journal
   */
  End run() throws IOException, InterruptedException {
    End end;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        threads.execute(() -> aboutThisShard(() -> feed(threads)));
        end = watch();
      } finally {
        // Whatever is in flight now is not wanted: interrupting a call closes its connection.
        ending = true;
        proof.close();
        threads.shutdownNow();
      }
    }
    if (end == End.LOST) {
      return End.LOST;
    }
    boolean held = retry.run(ShardWork.ANSWERS_WANTED, log::sealAll, false);
    Throwable cause = trouble.get();
    if (cause instanceof ObjectStoreException unread) {
      throw unread;
    }
    if (cause != null) {
      throw new IOException(
          "Shard %d of job %s stopped: %s".formatted(lease.shard().number(), job.id(), cause),
          cause);
    }
    return held ? end : End.LOST;
  }

  private End watch() throws InterruptedException {
    while (true) {
      tellPause();
      if (prove() == Shards.Pulse.LOST || !sealIfDue()) {
        return End.LOST;
      }
      if (lastPulse == Shards.Pulse.WIND_DOWN) {
        return End.LEFT;
      }
      if (done.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        return allFed && !someLeft ? End.COMPLETE : End.HANDED_OVER;
      }
      // At the second look: a call that was just wanted still is in flight by then.
      if (drain.isOver() || (isGivingWay && calls.getRegisteredParties() == 1)) {
        return End.HANDED_OVER;
      }
      isGivingWay = place.isWantedBack();
    }
  }

  private Shards.Pulse prove() {
    long asked = System.nanoTime();
    try {
      lastPulse = shards.pulse(lease);
      if (lastPulse == Shards.Pulse.GO_ON) {
        proof.proven(asked);
      }
    } catch (RuntimeException e) {
      // The database is away. Calls in flight go on, their answers wait in the journal; new ones
      // wait for a proof.
      LOG.warn(
          "Job {}: cannot prove the lease of shard {}: {}",
          job.arn(),
          lease.shard().number(),
          e.getMessage());
    }
    return lastPulse;
  }

  /** Lets the job's owner know that this node makes no calls, or makes them again. */
  private void tellPause() {
    String pause = refusal == null ? log.paused() : refusal;
    if (Objects.equals(pause, toldPause)) {
      return;
    }
    try {
      shards.pause(lease, pause);
      toldPause = pause;
    } catch (RuntimeException e) {
      LOG.warn("Job {}: cannot tell its owner: {}", job.arn(), pause);
    }
  }

  private boolean sealIfDue() throws InterruptedException {
    try {
      return refusal != null || log.sealIfDue();
    } catch (IOException | RuntimeException e) {
      if (e instanceof ObjectStoreException said && StoreTrouble.isFinal(said)) {
        // Nothing more is paid for; what is in flight ends, and is then written as soon as may be.
        refusal = StoreTrouble.waits(ShardWork.ANSWERS_WANTED, said, job.expirationTime());
      }
      // The answers stay in the journal, and the next tick tries again.
      LOG.warn(
          "Job {}: cannot write a segment of shard {} yet: {}",
          job.arn(),
          lease.shard().number(),
          e.getMessage());
      return true;
    }
  }

  /** Reads the shard and starts a call for each record that wants one, as permits come. */
  private void feed(ExecutorService threads) {
    try {
      try {
        allFed = feedAll(threads);
      } catch (InterruptedException e) {
        throw e;
      } catch (Throwable e) {
        fail(e);
      }
      // Whatever went wrong, calls in flight are paid for: their answers are waited for.
      calls.awaitAdvanceInterruptibly(calls.arrive());
      done.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the shard was read to its end. */
  private boolean feedAll(ExecutorService threads) throws IOException, InterruptedException {
    try (Lines lines =
        new Lines(store.read(input.uri(), lease.shard().firstByte(), lease.shard().endByte()))) {
      int ordinal = 0;
      Lines.Line line;
      while ((line = lines.next()) != null) {
        if (line.isBlank()) {
          continue;
        }
        if (!durable.contains(ordinal)) {
          ahead.add(record(line, ordinal), ordinal);
          if (!ahead.hasRoom() && !startNext(threads)) {
            return false;
          }
        }
        ordinal++;
      }
      while (!ahead.isEmpty()) {
        if (!startNext(threads)) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Starts the call of the record that is next, once there is room and a permit for it.
   *
   * @return false if no more calls are to be made
   */
  private boolean startNext(ExecutorService threads) throws InterruptedException {
    log.awaitRoom(() -> refusal == null);
    Prefetch.Waiting next = ahead.next();
    // Before the permit: a place in flight is not for waiting.
    RecordMemory.Room room = memory.take(next.record().modelInput().length);
    boolean isStarted = false;
    try {
      InFlightLimit.Permit permit = model.limit().acquire(turn);
      boolean isWanted =
          !drain.isBegun() && trouble.get() == null && refusal == null && !isGivingWay;
      isStarted = isWanted && start(threads, permit, room, next.record(), next.ordinal());
      if (!isStarted) {
        permit.close();
      }
      return isStarted;
    } finally {
      if (!isStarted) {
        room.close();
      }
    }
  }

  private boolean start(
      ExecutorService threads,
      InFlightLimit.Permit permit,
      RecordMemory.Room room,
      InputRecord record,
      int ordinal) {
    calls.register();
    try {
      threads.execute(
          () ->
              aboutThisShard(
                  () -> {
                    try (room) {
                      call(permit, record, ordinal);
                    } catch (InterruptedException e) {
                      // Cancelled: the record stays without an answer.
                      Thread.currentThread().interrupt();
                    } catch (Throwable e) {
                      fail(e);
                    } finally {
                      calls.arriveAndDeregister();
                    }
                  }));
      return true;
    } catch (RejectedExecutionException e) {
      calls.arriveAndDeregister();
      return false;
    }
  }

  /** What these threads log is about the shard, too. */
  private void aboutThisShard(Runnable work) {
    try (JobLog _ = JobLog.of(job, lease.shard().number())) {
      work.run();
    }
  }

  private void call(InFlightLimit.Permit permit, InputRecord record, int ordinal)
      throws InterruptedException, IOException {
    try (permit) {
      model.answer(
          permit,
          record.modelInput(),
          job.spec().modelInvocationType(),
          this::mayCall,
          outcome -> keep(record, ordinal, outcome),
          () -> span.call(lease.shard().firstOrdinal() + ordinal));
    }
  }

  /** The last thing before paying: a thread may have waited, or slept with the whole machine. */
  private boolean mayCall() throws InterruptedException {
    // A record whose first call was in vain is not asked again by a node that goes down.
    log.awaitWritable();
    boolean mayCall = !drain.isBegun() && refusal == null && proof.await();
    if (!mayCall) {
      someLeft = true;
    } else {
      CrashPoint.CALL_DUE.pass();
    }
    return mayCall;
  }

  private void keep(InputRecord record, int ordinal, RecordOutcome outcome)
      throws InterruptedException {
    CrashPoint.ANSWERED.pass();
    log.add(answer(record, ordinal, outcome));
  }

  private Answer answer(InputRecord record, int ordinal, RecordOutcome outcome) {
    byte[] line = OutputLine.of(job.id(), input.number(), record, outcome);
    return switch (outcome) {
      case RecordOutcome.Success success -> new Answer(ordinal, true, success.usage(), line);
      case RecordOutcome.Failure failure ->
          new Answer(ordinal, false, TokenUsage.UNKNOWN, line, failure.calls());
    };
  }

  private InputRecord record(Lines.Line line, int ordinal) {
    long number = lease.shard().firstOrdinal() + ordinal;
    return switch (reader.read(line, number + 1, number)) {
      case RecordReader.Reading.Good good -> good.record();
      case RecordReader.Reading.Bad bad ->
          throw new IllegalStateException(
              "%s passed validation and now has a bad record %d: %s"
                  .formatted(input.uri(), number, bad.fault()));
    };
  }

  private void fail(Throwable e) {
    if (ending) {
      // Cut off by ourselves.
      return;
    }
    if (trouble.compareAndSet(null, e)) {
      LOG.warn("Job {}: shard {} stops", job.arn(), lease.shard().number(), e);
    }
  }
}
