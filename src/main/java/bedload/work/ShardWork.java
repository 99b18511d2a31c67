package bedload.work;

import bedload.job.InputObject;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.ledger.Books;
import bedload.ledger.Inputs;
import bedload.ledger.Shards;
import bedload.ledger.Steps;
import bedload.model.ModelMap;
import bedload.model.ServedModel;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.object.StoredObject;
import bedload.trace.ShardSpan;
import bedload.trace.Traces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims a shard, goes on where an earlier claim ended, and ends it. */
final class ShardWork {
  private static final Logger LOG = LoggerFactory.getLogger(ShardWork.class);
  private static final int SEGMENTS_IN_MEMORY = 3;

  /** Input that was there a moment ago is looked for so often before the job fails without it. */
  private static final int LOOKS_FOR_INPUT = 4;

  private static final String INPUT_WANTED = "The input cannot be read";

  /** What {@link ShardRun} and a recovery need of the store. */
  static final String ANSWERS_WANTED = "The answers cannot be written";

  private final Node node;
  private final Steps steps;
  private final Shards shards;
  private final Inputs inputs;
  private final JobStores stores;
  private final ModelMap models;
  private final boolean longestFirst;
  private final Journals journals;
  private final InstantSource clock;
  private final WorkMeter meter;
  private final Drain drain;
  private final Traces traces;
  private final StorePatience patience;
  private final Unwritten unwritten;
  private final ShardPlaces places;
  private final Semaphore memory = new Semaphore(SEGMENTS_IN_MEMORY);
  private final RecordMemory recordMemory = RecordMemory.ofHeap();

  ShardWork(
      Node node,
      Books books,
      JobStores stores,
      ModelMap models,
      WorkRules rules,
      Journals journals,
      InstantSource clock,
      WorkMeter meter,
      Drain drain,
      Traces traces,
      StorePatience patience,
      Unwritten unwritten,
      ShardPlaces places) {
    this.node = node;
    this.steps = books.steps();
    this.shards = books.shards();
    this.inputs = books.inputs();
    this.stores = stores;
    this.models = models;
    this.longestFirst = rules.longestFirst();
    this.journals = journals;
    this.clock = clock;
    this.meter = meter;
    this.drain = drain;
    this.traces = traces;
    this.patience = patience;
    this.unwritten = unwritten;
    this.places = places;
  }

  /** What became of a shard that this node has picked. Its task leaves the list with the first. */
  enum Outcome {
    /** It has ended, or had ended before. */
    OVER,
    /** This node goes down, or the lease was void: whoever is next goes on at once. */
    HANDED_OVER,
    /** The store refuses answers that this node has: it tries again, and nobody else does. */
    KEPT,
    /** Another node has answers of it that the store refuses. */
    KEPT_ELSEWHERE;

    static Outcome of(boolean isOver) {
      return isOver ? OVER : HANDED_OVER;
    }
  }

  /**
   * Works on a shard until it ends, or is another's.
   *
   * @param failures how many tries in a row have failed before this one
   */
  Outcome run(JobId id, int number, int failures) throws IOException, InterruptedException {
    Optional<Lease> lease = shards.claim(id, number, node.name());
    if (lease.isEmpty()) {
      return shards.isKeptElsewhere(id, number, node.name())
          ? Outcome.KEPT_ELSEWHERE
          : Outcome.OVER;
    }
    CrashPoint.SHARD_CLAIMED.pass();
    Job job = steps.find(id).orElseThrow();
    ShardSpan span = traces.shard(job, lease.get());
    try (JobLog _ = JobLog.of(job, number)) {
      LOG.info("Job {}: shard {} is claimed", job.arn(), number);
      boolean isOver = run(job, lease.get(), failures, span);
      LOG.info("Job {}: shard {} {}", job.arn(), number, isOver ? "is over" : "is handed over");
      return Outcome.of(isOver);
    } catch (JobTrouble trouble) {
      return fail(job, lease.get(), trouble, span);
    } catch (RefusedAnswers e) {
      span.failed(e.toString());
      return refused(lease.get(), e, span);
    } catch (ObjectStoreException e) {
      span.failed(e.toString());
      // Answers that a node on its way down could not write are for the next claim to write.
      if (StoreTrouble.isFinal(e) && !drain.isBegun()) {
        return inputRefused(lease.get(), e, span);
      }
      throw e;
    } catch (IOException | InterruptedException | RuntimeException e) {
      span.failed(e.toString());
      throw e;
    } finally {
      span.close();
    }
  }

  /**
   * What a node has in its journal is paid for: it is kept until the store takes it or nobody wants
   * it any more. Until then the place for shards is free for others.
   */
  private Outcome refused(Lease lease, RefusedAnswers refusal, ShardSpan span) throws IOException {
    Job job = steps.find(lease.shard().job()).orElseThrow();
    if (!hasAnswers(job, lease)) {
      return failOrTryAgain(job, lease, ANSWERS_WANTED, refusal, span);
    }
    boolean isOver =
        job.status() == JobStatus.STOPPING
            ? patience.isOverAfter(job.id())
            : job.status().isFinal() || steps.hasTimedOut(job.id());
    if (isOver) {
      return leaveUnwritten(job, lease, refusal);
    }
    LOG.warn(
        "Job {}: {} for shard {}, and wait in the journal: {}",
        job.arn(),
        ANSWERS_WANTED,
        lease.shard().number(),
        refusal.getMessage());
    shards.keep(
        lease, node.name(), StoreTrouble.waits(ANSWERS_WANTED, refusal, job.expirationTime()));
    return Outcome.KEPT;
  }

  /** The job ends without these answers, and people still have them. */
  private Outcome leaveUnwritten(Job job, Lease lease, RefusedAnswers refusal) throws IOException {
    List<Answer> left = new ArrayList<>();
    for (String name : journals.of(lease.shard())) {
      left.addAll(journals.read(job.id(), name));
    }
    Path folder = unwritten.write(lease.shard(), left);
    String remark =
        "The object store refused answers to the end: %s. They are missing in the outputs, and are kept for %d days on node %s, in %s."
            .formatted(refusal.getMessage(), Unwritten.TERM.toDays(), node.name(), folder);
    LOG.error("Job {}: {}", job.arn(), remark);
    steps.remark(job.id(), remark);
    return Outcome.of(finish(lease, false));
  }

  private Outcome inputRefused(Lease lease, ObjectStoreException refusal, ShardSpan span)
      throws IOException {
    Job job = steps.find(lease.shard().job()).orElseThrow();
    if (!hasAnswers(job, lease)) {
      return failOrTryAgain(job, lease, INPUT_WANTED, refusal, span);
    }
    // It ends by its time or by a stop, and then its answers are in the outputs.
    shards.pause(lease, StoreTrouble.waits(INPUT_WANTED, refusal, job.expirationTime()));
    throw refusal;
  }

  private <E extends Exception> Outcome failOrTryAgain(
      Job job, Lease lease, String wanted, E refusal, ShardSpan span) throws E {
    if (patience.isOverAfter(job.id())) {
      return fail(job, lease, StoreTrouble.atLast(wanted, refusal), span);
    }
    shards.pause(lease, StoreTrouble.pause(wanted, refusal));
    throw refusal;
  }

  private boolean hasAnswers(Job job, Lease lease) throws IOException {
    return job.counts().processed() > 0 || !journals.of(lease.shard()).isEmpty();
  }

  private Outcome fail(Job job, Lease lease, JobTrouble trouble, ShardSpan span) {
    LOG.info("Job {} fails: {}", job.arn(), trouble.sentence());
    span.failed(trouble.sentence());
    steps.fail(job.id(), trouble.sentence());
    CrashPoint.FAILED.pass();
    return Outcome.of(finish(lease, false));
  }

  private boolean run(Job job, Lease lease, int failures, ShardSpan span)
      throws JobTrouble, IOException, InterruptedException {
    ObjectStore store = stores.input(job);
    SegmentObjects objects = new SegmentObjects(stores.output(job), job);
    SegmentWriter writer = new SegmentWriter(objects, shards, memory, meter);
    Recovery recovery = new Recovery(shards, objects, writer, journals);
    LeaseRetry retry = new LeaseRetry(job, lease, shards, drain, clock);
    Recovery.Found found =
        retry.run(ANSWERS_WANTED, () -> recovery.adopt(lease), Recovery.Found.LOST);
    if (!found.held()) {
      return false;
    }
    if (lease.epoch() > 1) {
      shards.goOn(lease);
    }
    if (found.durable().size() == lease.shard().records()) {
      return finish(lease, true);
    }
    if (shards.pulse(lease) == Shards.Pulse.WIND_DOWN) {
      // No call will be made, so neither the input nor the model is needed.
      return finish(lease, false);
    }
    InputObject input = inputs.of(job.id(), lease.shard().input());
    requireUnchanged(store, input, failures);
    journals.check();
    ShardRun.End end;
    try (ShardPlaces.Place place = places.take(job.id());
        ShardLog log =
            new ShardLog(
                lease, journals, writer, found.nextSequence(), found.durable(), System::nanoTime)) {
      end =
          new ShardRun(
                  new ShardRun.Part(lease, job, input, place),
                  store,
                  shards,
                  log,
                  model(job),
                  new LeaseProof(node.heartbeat().proofTerm(), System::nanoTime),
                  drain,
                  recordMemory,
                  new Prefetch(longestFirst),
                  retry,
                  span)
              .run();
    }
    patience.forget(job.id());
    return switch (end) {
      case COMPLETE -> {
        requireDurable(lease, found.durable());
        yield finish(lease, true);
      }
      case LEFT -> finish(lease, false);
      case LOST, HANDED_OVER -> false;
    };
  }

  /** A disk that broke may have taken answers and not given them back: their records come again. */
  private static void requireDurable(Lease lease, Ordinals durable) throws IOException {
    if (durable.size() < lease.shard().records()) {
      throw new IOException(
          "Of the %d answers for shard %d of job %s only %d could be read back from the journal"
              .formatted(
                  lease.shard().records(),
                  lease.shard().number(),
                  lease.shard().job(),
                  durable.size()));
    }
  }

  private boolean finish(Lease lease, boolean complete) {
    boolean held = shards.finish(lease, complete);
    CrashPoint.SHARD_FINISHED.pass();
    return held;
  }

  private ServedModel model(Job job) throws JobTrouble {
    return models
        .find(job.spec().modelId(), Duration.between(clock.instant(), job.expirationTime()))
        .orElseThrow(
            () ->
                new JobTrouble(
                    "No model server is configured for the model %s any more; configured are %s."
                        .formatted(job.spec().modelId(), models.patterns())));
  }

  private static void requireUnchanged(ObjectStore store, InputObject input, int failures)
      throws JobTrouble, IOException {
    Optional<StoredObject> now = store.head(input.uri());
    if (now.isEmpty() && failures + 1 < LOOKS_FOR_INPUT) {
      // A store may lose sight of an object for a moment, and a job may have paid for a day's work.
      throw new IOException("The input %s is not to be seen".formatted(input.uri()));
    }
    if (now.isEmpty() || !now.get().etag().equals(input.etag())) {
      throw new JobTrouble(
          "The input %s was %s after it had been validated. Leave input alone while a job runs; create a new job for the new content."
              .formatted(input.uri(), now.isEmpty() ? "deleted" : "overwritten"));
    }
  }
}
