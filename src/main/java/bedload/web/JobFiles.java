package bedload.web;

import bedload.job.Job;
import bedload.job.JobSpec;
import bedload.job.RetryName;
import bedload.job.S3Uri;
import bedload.ledger.Ledger;
import bedload.ledger.SubmitResult;
import bedload.object.FailedRecords;
import bedload.object.ObjectStore;
import bedload.object.ObjectStores;
import bedload.object.ObjectUpload;
import bedload.object.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The outputs of jobs: to look at, to download, and to make a new job of what failed. */
final class JobFiles {
  private static final String EXTENSION = ".jsonl.out";
  private static final String MANIFEST = "manifest.json.out";

  /** More make a page that nobody reads. */
  private static final int MOST_LISTED = 1_000;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final ObjectStores stores;
  private final Ledger ledger;
  private final InstantSource clock;

  JobFiles(ObjectStores stores, Ledger ledger, InstantSource clock) {
    this.stores = stores;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Returns the outputs of a job that has ended, the first thousand of them by name. */
  List<StoredObject> outputs(Job job) {
    List<StoredObject> outputs = new ArrayList<>();
    for (StoredObject object : store(job).list(folder(job))) {
      if (isOutput(object.uri().key()) && outputs.size() < MOST_LISTED) {
        outputs.add(object);
      }
    }
    return outputs;
  }

  private static boolean isOutput(String key) {
    return key.endsWith(EXTENSION) || key.endsWith("/" + MANIFEST);
  }

  private static S3Uri folder(Job job) {
    return new S3Uri(job.outputFolder().bucket(), job.outputFolder().asPrefix());
  }

  /**
   * Opens an output by its name below the job's folder; empty if there is none of that name. No
   * other object of the account can be named so.
   */
  Optional<InputStream> open(Job job, String name) {
    S3Uri object = job.outputFolder().resolve(name);
    ObjectStore store = store(job);
    return isOutput(object.key()) && object.key().startsWith(job.outputFolder().asPrefix())
        ? store.head(object).map(found -> store.read(found.uri()))
        : Optional.empty();
  }

  /**
   * Makes a job of the records that failed, each byte by byte as it was; empty if none did.
   *
   * @throws IOException if an output could not be read to its end
   */
  Optional<Job> rerun(Job job) throws IOException {
    String stamp = Long.toString(clock.millis(), Character.MAX_RADIX);
    S3Uri input = job.outputFolder().resolve("retry-" + stamp + "/");
    long records = 0;
    for (StoredObject output : store(job).list(folder(job))) {
      if (output.uri().key().endsWith(EXTENSION)) {
        records += putFailed(job, output.uri(), input);
      }
    }
    if (records == 0) {
      return Optional.empty();
    }
    return switch (ledger.submit(job.account(), job.region(), spec(job, input, stamp))) {
      case SubmitResult.Submitted(Job made) -> Optional.of(made);
      case SubmitResult.Repeated(Job made) -> Optional.of(made);
      case SubmitResult.TokenReused(Job other) -> Optional.of(other);
      // Somebody asked twice within a millisecond: the other's job is the same.
      case SubmitResult.NameInUse(Job other) -> Optional.of(other);
    };
  }

  private long putFailed(Job job, S3Uri output, S3Uri folder) throws IOException {
    String name = output.key().substring(job.outputFolder().asPrefix().length());
    S3Uri target = folder.resolve(name.substring(0, name.length() - ".out".length()));
    ObjectStore store = store(job);
    long[] records = {0};
    try (InputStream content = store.read(output);
        ObjectUpload upload = store.upload(target, "application/jsonl")) {
      FailedRecords.read(
          content,
          failed -> {
            write(upload, failed);
            records[0]++;
          });
      if (records[0] > 0) {
        upload.complete();
      }
    }
    return records[0];
  }

  private static void write(OutputStream out, FailedRecords.Failed failed) throws IOException {
    String id = JSON.writeValueAsString(failed.recordId());
    out.write("{\"recordId\":%s,\"modelInput\":".formatted(id).getBytes(StandardCharsets.UTF_8));
    out.write(failed.modelInput());
    out.write('}');
    out.write('\n');
  }

  private static JobSpec spec(Job job, S3Uri input, String stamp) {
    JobSpec old = job.spec();
    return new JobSpec(
        RetryName.of(old.jobName(), stamp),
        old.roleArn(),
        old.modelId(),
        old.modelInvocationType(),
        new JobSpec.Input(input, old.input().format(), old.output().bucketOwner()),
        old.output(),
        null,
        old.vpcConfig(),
        old.timeout(),
        old.tags());
  }

  private ObjectStore store(Job job) {
    ObjectStore store = stores.of(job.account());
    String key = job.spec().output().encryptionKeyId();
    return key == null ? store : store.encryptingWith(key);
  }
}
