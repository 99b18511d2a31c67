package bedload.web;

import bedload.job.Job;
import bedload.job.JobSpec;
import bedload.job.RetryName;
import bedload.job.S3Uri;
import bedload.ledger.Ledger;
import bedload.ledger.SubmitResult;
import bedload.object.FailedRecords;
import bedload.object.JobOutputs;
import bedload.object.ObjectStore;
import bedload.object.ObjectStores;
import bedload.object.ObjectUpload;
import bedload.object.StoredObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A new job of the records of another that failed, each byte by byte as it was. Done twice under
 * one stamp it writes the same objects and submits the same job.
 */
final class FailedCopy {
  /** How it ended. */
  sealed interface End {
    /** There is the new job. */
    record Made(Job job, long records) implements End {}

    /** No record failed, as far as the outputs tell. */
    record Nothing() implements End {}

    /** Another does it. */
    record Lost() implements End {}
  }

  private static final long NANOS_BETWEEN_WORDS = 1_000_000_000L;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ObjectStores stores;
  private final Ledger ledger;

  FailedCopy(ObjectStores stores, Ledger ledger) {
    this.stores = stores;
    this.ledger = ledger;
  }

  /**
   * Copies and submits.
   *
   * @param stamp small letters and digits that no other copy of this job has
   * @param goOn told now and then how many records are copied; says whether to go on
   * @throws IOException if an output could not be read to its end
   */
  End run(Job job, String stamp, LongPredicate goOn) throws IOException {
    S3Uri input = job.outputFolder().resolve("retry-" + stamp + "/");
    ObjectStore store = JobFiles.store(stores, job);
    long records = 0;
    for (StoredObject output : JobOutputs.of(store, job)) {
      if (!goOn.test(records)) {
        return new End.Lost();
      }
      try {
        records = put(store, job, output.uri(), input, records, goOn);
      } catch (LostException e) {
        return new End.Lost();
      }
    }
    if (records == 0) {
      return new End.Nothing();
    }
    if (!goOn.test(records)) {
      return new End.Lost();
    }
    return new End.Made(submit(job, input, stamp), records);
  }

  /** Says from within a copy that another does it. */
  private static final class LostException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** An output that is read for hours, and asks once a second whether to go on. */
  private static final class Watched extends FilterInputStream {
    private final BooleanSupplier goOn;
    private long asked = System.nanoTime();

    Watched(InputStream in, BooleanSupplier goOn) {
      super(in);
      this.goOn = goOn;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      long now = System.nanoTime();
      if (now - asked > NANOS_BETWEEN_WORDS) {
        asked = now;
        if (!goOn.getAsBoolean()) {
          throw new LostException();
        }
      }
      return super.read(bytes, offset, length);
    }
  }

  private static long put(
      ObjectStore store, Job job, S3Uri output, S3Uri folder, long before, LongPredicate goOn)
      throws IOException {
    String name = output.key().substring(job.outputFolder().asPrefix().length());
    S3Uri target = folder.resolve(name.substring(0, name.length() - ".out".length()));
    long[] records = {before};
    try (InputStream content = new Watched(store.read(output), () -> goOn.test(records[0]));
        ObjectUpload upload = store.upload(target, "application/jsonl")) {
      FailedRecords.read(
          content,
          failed -> {
            write(upload, failed);
            records[0]++;
          });
      if (records[0] > before) {
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

  private Job submit(Job job, S3Uri input, String stamp) {
    return switch (ledger.submit(job.account(), job.region(), spec(job, input, stamp))) {
      case SubmitResult.Submitted(Job made) -> made;
      case SubmitResult.Repeated(Job made) -> made;
      case SubmitResult.TokenReused(Job other) -> other;
      // The name has the stamp: it is the same job under another token.
      case SubmitResult.NameInUse(Job other) -> other;
    };
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
        "rerun-%s-%s".formatted(job.id(), stamp),
        old.vpcConfig(),
        old.timeout(),
        old.tags());
  }
}
