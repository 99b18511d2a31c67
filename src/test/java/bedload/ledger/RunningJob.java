package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.InputObject;
import bedload.job.JobId;
import bedload.job.S3Uri;
import bedload.job.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Jobs as far as validation and the queue bring them, without either. */
public final class RunningJob {
  private static final int SHARD_BYTES = 100;

  private RunningJob() {}

  /** Makes a job of one input, cut into shards of so many records, that waits for its turn. */
  public static JobId scheduled(Books books, int shards, int records) {
    SubmitResult result =
        books
            .ledger()
            .submit(
                AccountId.DEFAULT,
                "us-east-1",
                JobSpecs.named("job-" + RandomGenerator.getDefault().nextInt(1_000_000_000)));
    JobId job = ((SubmitResult.Submitted) result).job().id();
    books.steps().beginValidating(job);
    List<Shard> cut = new ArrayList<>();
    for (int number = 0; number < shards; number++) {
      long from = (long) number * SHARD_BYTES;
      cut.add(
          new Shard(job, number, 0, from, from + SHARD_BYTES, (long) number * records, records));
    }
    InputObject input =
        new InputObject(
            0,
            new S3Uri("in", "records.jsonl"),
            "records.jsonl",
            (long) shards * SHARD_BYTES,
            "etag",
            (long) shards * records);
    if (!books.steps().schedule(job, Plan.of(List.of(input), cut))) {
      throw new IllegalStateException("Job " + job + " left Validating by itself");
    }
    return job;
  }

  /** As {@link #scheduled}, and starts all that wait. */
  public static JobId start(Books books, int shards, int records) {
    JobId job = scheduled(books, shards, records);
    books.queue().start(new QueueLimits(1_000, 1_000), _ -> Optional.empty());
    return job;
  }
}
