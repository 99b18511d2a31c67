package bedload.work;

import bedload.job.InputObject;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.S3Uri;
import bedload.job.Shard;
import bedload.ledger.Steps;
import bedload.model.ModelMap;
import bedload.object.ObjectStore;
import bedload.object.ObjectStores;
import bedload.object.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Submitted to Scheduled, or to Failed with a reason: reads all input once, and cuts it into
 * shards.
 */
final class Validation {
  private static final String PROBE = ".write_access_check_file.tmp";

  private final Steps steps;
  private final ObjectStores stores;
  private final ModelMap models;

  Validation(Steps steps, ObjectStores stores, ModelMap models) {
    this.steps = steps;
    this.stores = stores;
    this.models = models;
  }

  /** Takes the job as far as it goes; a job that is elsewhere by now is left alone. */
  void run(JobId id) throws IOException {
    steps.beginValidating(id);
    CrashPoint.VALIDATING_BEGUN.pass();
    Job job = steps.find(id).orElseThrow();
    if (job.status() != JobStatus.VALIDATING) {
      return;
    }
    try {
      validate(job);
    } catch (JobTrouble trouble) {
      steps.fail(id, trouble.sentence());
    }
  }

  private void validate(Job job) throws JobTrouble, IOException {
    if (models.find(job.spec().modelId()).isEmpty()) {
      throw new JobTrouble(
          "No model server is configured for the model %s. Configured are %s; add it to the model map, or name one of these."
              .formatted(job.spec().modelId(), models.patterns()));
    }
    ObjectStore store = stores.of(job.account());
    List<InputObject> inputs = new ArrayList<>();
    List<Shard> shards = new ArrayList<>();
    for (InputListing.Found found : InputListing.of(store, job.spec().input().uri())) {
      StoredObject object = found.object();
      InputCheck.Report report = check(store, object);
      inputs.add(
          new InputObject(
              inputs.size(),
              object.uri(),
              found.relativeName(),
              report.sizeBytes(),
              object.etag(),
              report.records()));
      for (InputCheck.Cut cut : report.cuts()) {
        shards.add(cut.toShard(job.id(), shards.size(), inputs.getLast().number()));
      }
    }
    if (shards.isEmpty()) {
      throw new JobTrouble(
          "The input %s holds no record: it is empty, or all its lines are blank. A job needs at least 1 record."
              .formatted(job.spec().input().uri()));
    }
    probe(store, job);
    steps.schedule(job.id(), inputs, shards);
    CrashPoint.SCHEDULED.pass();
  }

  private static InputCheck.Report check(ObjectStore store, StoredObject object)
      throws JobTrouble, IOException {
    InputStream bytes =
        StoreTrouble.orFailJob("The input cannot be read", () -> store.read(object.uri()));
    InputCheck.Report report = new InputCheck().check(bytes, read -> {});
    if (report.faultCount() > 0) {
      throw new JobTrouble(describe(object.uri(), report));
    }
    return report;
  }

  private static String describe(S3Uri uri, InputCheck.Report report) {
    String others =
        report.faultCount() == 1
            ? ""
            : " %,d further lines are wrong.".formatted(report.faultCount() - 1);
    return "Input %s, %s.%s `bedload validate FILE` lists every wrong line; mend the file and create a new job."
        .formatted(uri, report.faults().getFirst(), others);
  }

  /** Results that nobody may write would be paid for in vain. */
  private static void probe(ObjectStore store, Job job) throws JobTrouble {
    S3Uri probe = job.outputFolder().resolve(PROBE);
    StoreTrouble.orFailJob(
        "The output cannot be written",
        () -> {
          store.put(probe, new byte[0], "application/octet-stream");
          store.delete(probe);
          return probe;
        });
  }
}
