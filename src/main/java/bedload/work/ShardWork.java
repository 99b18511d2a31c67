package bedload.work;

import bedload.job.InputObject;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.Lease;
import bedload.ledger.Books;
import bedload.ledger.Inputs;
import bedload.ledger.Shards;
import bedload.ledger.Steps;
import bedload.model.ModelMap;
import bedload.model.ServedModel;
import bedload.object.ObjectStore;
import bedload.object.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Claims a shard, goes on where an earlier claim ended, and ends it. */
final class ShardWork {
  private static final int SEGMENTS_IN_MEMORY = 3;

  /** Input that was there a moment ago is looked for so often before the job fails without it. */
  private static final int LOOKS_FOR_INPUT = 4;

  private final Node node;
  private final Steps steps;
  private final Shards shards;
  private final Inputs inputs;
  private final JobStores stores;
  private final ModelMap models;
  private final Journals journals;
  private final InstantSource clock;
  private final BooleanSupplier goingDown;
  private final Semaphore memory = new Semaphore(SEGMENTS_IN_MEMORY);

  ShardWork(
      Node node,
      Books books,
      JobStores stores,
      ModelMap models,
      Journals journals,
      InstantSource clock,
      BooleanSupplier goingDown) {
    this.node = node;
    this.steps = books.steps();
    this.shards = books.shards();
    this.inputs = books.inputs();
    this.stores = stores;
    this.models = models;
    this.journals = journals;
    this.clock = clock;
    this.goingDown = goingDown;
  }

  /**
   * Works on a shard until it ends, or is another's.
   *
   * @param failures how many tries in a row have failed before this one
   * @return false if this node goes down before the shard has ended: another claim must follow
   */
  boolean run(JobId id, int number, int failures) throws IOException, InterruptedException {
    Optional<Lease> lease = shards.claim(id, number, node.name());
    if (lease.isEmpty()) {
      return true;
    }
    CrashPoint.SHARD_CLAIMED.pass();
    Job job = steps.find(id).orElseThrow();
    try {
      return run(job, lease.get(), failures);
    } catch (JobTrouble trouble) {
      steps.fail(id, trouble.sentence());
      finish(lease.get(), false);
      return true;
    }
  }

  private boolean run(Job job, Lease lease, int failures)
      throws JobTrouble, IOException, InterruptedException {
    ObjectStore store = stores.input(job);
    SegmentObjects objects = new SegmentObjects(stores.output(job), job);
    SegmentWriter writer = new SegmentWriter(objects, shards, memory);
    Recovery.Found found = new Recovery(shards, objects, writer, journals).adopt(lease);
    if (!found.held()) {
      return true;
    }
    if (found.durable().size() == lease.shard().records()) {
      finish(lease, true);
      return true;
    }
    InputObject input = inputs.of(job.id(), lease.shard().input());
    requireUnchanged(store, input, failures);
    ShardRun.End end;
    try (ShardLog log =
        new ShardLog(
            lease, journals, writer, found.nextSequence(), found.durable(), System::nanoTime)) {
      end =
          new ShardRun(
                  new ShardRun.Part(lease, job, input),
                  store,
                  shards,
                  log,
                  model(job),
                  new LeaseProof(node.heartbeat().proofTerm(), System::nanoTime),
                  goingDown)
              .run();
    }
    return switch (end) {
      case COMPLETE -> {
        finish(lease, true);
        yield true;
      }
      case LEFT -> {
        finish(lease, false);
        yield true;
      }
      case LOST -> true;
      case HANDED_OVER -> false;
    };
  }

  private void finish(Lease lease, boolean complete) {
    shards.finish(lease, complete);
    CrashPoint.SHARD_FINISHED.pass();
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
    Optional<StoredObject> now =
        StoreTrouble.orFailJob("The input cannot be read", () -> store.head(input.uri()));
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
