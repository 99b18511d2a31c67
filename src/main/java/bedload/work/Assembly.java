package bedload.work;

import bedload.job.InputObject;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import bedload.ledger.Inputs;
import bedload.ledger.Segment;
import bedload.ledger.Shards;
import bedload.ledger.Steps;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.object.ObjectUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a job's outputs, then its manifest, then its final status. A reader never sees half an
 * object, and doing it all again writes the same.
 */
final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  private static final String LINES = "application/jsonl";
  private static final String OUTPUTS_WANTED = "The outputs cannot be written";

  private final Steps steps;
  private final Shards shards;
  private final Inputs inputs;
  private final JobStores stores;
  private final Path spoolFolder;
  private final StorePatience patience;

  Assembly(
      Steps steps,
      Shards shards,
      Inputs inputs,
      JobStores stores,
      Path spoolFolder,
      StorePatience patience) {
    this.steps = steps;
    this.shards = shards;
    this.inputs = inputs;
    this.stores = stores;
    this.spoolFolder = spoolFolder;
    this.patience = patience;
  }

  /** Removes what a process that died has left; to be called before any job is assembled. */
  void clearSpool() throws IOException {
    if (Files.isDirectory(spoolFolder)) {
      try (Stream<Path> files = Files.list(spoolFolder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Ends the job; one that is elsewhere by now is left alone. */
  void run(JobId id) throws IOException {
    if (steps.meetAskedEnd(id)) {
      CrashPoint.ASKED_END_MET.pass();
    }
    Job job = steps.find(id).orElseThrow();
    switch (job.status()) {
      case IN_PROGRESS, STOPPING -> {
        try (JobLog _ = JobLog.of(job)) {
          end(job);
        }
      }
      case SUBMITTED, VALIDATING, SCHEDULED ->
          throw new IllegalStateException(
              "Job %s is %s and cannot be assembled".formatted(id, job.status().wireName()));
      case COMPLETED, PARTIALLY_COMPLETED, FAILED, STOPPED, EXPIRED -> {}
    }
  }

  private void end(Job job) throws IOException {
    try {
      assembleWhatThereIs(job);
      patience.forget(job.id());
    } catch (ObjectStoreException e) {
      if (!StoreTrouble.isFinal(e)) {
        if (patience.isTriedFor(job.id())) {
          shards.pause(job.id(), null);
        }
        throw e;
      }
      // All answers are paid for and safe, and nobody waits for a place: the job has all its time.
      Instant until = job.status() == JobStatus.STOPPING ? Instant.MIN : job.expirationTime();
      if (!patience.isOverAfter(job.id(), until)) {
        shards.pause(job.id(), StoreTrouble.pause(OUTPUTS_WANTED, e, until));
        throw e;
      }
      shards.pause(job.id(), null);
      String remark = steps.find(job.id()).map(Job::message).map(said -> " " + said).orElse("");
      fail(job, StoreTrouble.atLast(OUTPUTS_WANTED, e).sentence() + remark);
    }
  }

  private void assembleWhatThereIs(Job job) throws IOException {
    try {
      assemble(job, new Losses());
    } catch (LostSegment loss) {
      if (!patience.isOverAfter(job.id())) {
        shards.pause(job.id(), StoreTrouble.pause(OUTPUTS_WANTED, loss));
        throw loss;
      }
      endWithout(job, loss);
    }
  }

  /** Ends a job with outputs that lack what the store has lost, and says so. */
  private void endWithout(Job job, LostSegment first) throws IOException {
    Losses losses = new Losses();
    losses.add(first);
    SegmentObjects objects = new SegmentObjects(stores.output(job), job);
    for (Shard shard : shards.of(job.id())) {
      for (Segment segment : shards.segments(shard)) {
        try {
          objects.recorded(shard, segment);
        } catch (LostSegment loss) {
          losses.add(loss);
        }
      }
    }
    while (!isAssembled(job, losses)) {
      LOG.warn("Job {}: {} records are lost so far", job.arn(), losses.records());
    }
  }

  /** Returns false if one more segment turned out to be lost; an output is begun anew then. */
  private boolean isAssembled(Job job, Losses losses) throws IOException {
    try {
      assemble(job, losses);
      return true;
    } catch (LostSegment loss) {
      if (!losses.add(loss)) {
        throw loss;
      }
      return false;
    }
  }

  private void fail(Job job, String sentence) {
    LOG.info("Job {} fails: {}", job.arn(), sentence);
    steps.fail(job.id(), sentence);
    CrashPoint.FAILED.pass();
  }

  /** What the segments of a job come to. */
  private record Sum(long success, long error, TokenUsage tokens) {
    static final Sum NOTHING = new Sum(0, 0, TokenUsage.UNKNOWN);

    Sum plus(Segment segment) {
      return new Sum(
          success + segment.success(), error + segment.error(), tokens.plus(segment.tokens()));
    }
  }

  private void assemble(Job job, Losses losses) throws IOException {
    ObjectStore store = stores.output(job);
    Map<Integer, List<Shard>> all =
        shards.of(job.id()).stream().collect(Collectors.groupingBy(Shard::input));
    Sum sum = Sum.NOTHING;
    for (InputObject input : inputs.of(job.id())) {
      sum = write(store, job, input, all.getOrDefault(input.number(), List.of()), losses, sum);
    }
    RecordCounts counts = new RecordCounts(job.counts().total(), sum.success(), sum.error());
    JobStatus end = losses.records() > 0 ? JobStatus.FAILED : endOf(job, counts);
    if (!all.isEmpty()) {
      store.put(
          job.outputFolder().resolve(Manifest.NAME),
          Manifest.of(counts, sum.tokens()),
          "application/json");
      CrashPoint.MANIFEST_WRITTEN.pass();
    }
    if (losses.records() > 0) {
      String message = losses.sentence(counts.total());
      LOG.error("Job {} fails: {}", job.arn(), message);
      steps.failWithOutputs(job.id(), job.status(), counts, sum.tokens(), message);
    } else {
      steps.end(job.id(), job.status(), end, counts, sum.tokens());
    }
    CrashPoint.ENDED.pass();
    LOG.info(
        "Job {} is {}: {} records answered, {} failed",
        job.arn(),
        end.wireName(),
        counts.success(),
        counts.error());
  }

  private JobStatus endOf(Job job, RecordCounts counts) {
    if (job.status() == JobStatus.STOPPING) {
      return JobStatus.STOPPED;
    }
    if (counts.processed() == counts.total()) {
      return JobStatus.COMPLETED;
    }
    if (steps.hasTimedOut(job.id())) {
      return JobStatus.PARTIALLY_COMPLETED;
    }
    throw new IllegalStateException(
        "Every shard of job %s has ended, and %d of its %d records have no outcome"
            .formatted(job.id(), counts.total() - counts.processed(), counts.total()));
  }

  private Sum write(
      ObjectStore store, Job job, InputObject input, List<Shard> own, Losses losses, Sum before)
      throws IOException {
    SegmentObjects objects = new SegmentObjects(store, job);
    SegmentReader reader = new SegmentReader(store, objects, spoolFolder);
    Sum sum = before;
    try (ObjectUpload out =
        store.upload(job.outputFolder().resolve(input.relativeName() + ".out"), LINES)) {
      for (Shard shard : own) {
        List<Segment> all = shards.segments(shard);
        SegmentReader.union(shard, all);
        List<Segment> segments =
            all.stream().filter(each -> !losses.include(objects.uri(shard, each))).toList();
        reader.copy(shard, segments, out);
        for (Segment segment : segments) {
          sum = sum.plus(segment);
        }
      }
      CrashPoint.OUTPUT_DUE.pass();
      out.complete();
    }
    CrashPoint.OUTPUT_WRITTEN.pass();
    return sum;
  }
}
