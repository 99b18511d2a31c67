package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.InputObject;
import bedload.job.Job;
import bedload.job.S3Uri;
import bedload.job.Shard;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Books in which jobs wait for their turn without anybody who would run them, and a clock. */
final class QueueStage implements AutoCloseable {
  /** Any number of jobs of an account, but one at a time for each model. */
  static final QueueLimits ONE_A_MODEL = new QueueLimits(10, 1);

  final SettableClock clock = new SettableClock();
  final Database database = TestDatabase.create();
  final Books books = Books.open(database.jdbi(), clock, RandomGenerator.getDefault());
  private int names;

  /** Submits a job and validates it: it waits, with so many records in each of its shards. */
  Job waiting(AccountId account, String model, int shardCount, int shardRecords) {
    tick();
    SubmitResult result =
        books
            .ledger()
            .submit(
                account,
                "us-east-1",
                JobSpecs.of("job-" + names++, null, model, "s3://in/r.jsonl", "s3://out/"));
    Job job = ((SubmitResult.Submitted) result).job();
    books.steps().beginValidating(job.id());
    int records = shardCount * shardRecords;
    InputObject input =
        new InputObject(0, new S3Uri("in", "r.jsonl"), "r.jsonl", 10L * shardCount, "e", records);
    List<Shard> shards =
        IntStream.range(0, shardCount)
            .mapToObj(
                number ->
                    new Shard(
                        job.id(),
                        number,
                        0,
                        10L * number,
                        10L * (number + 1),
                        (long) number * shardRecords,
                        shardRecords))
            .toList();
    assertThat(books.steps().schedule(job.id(), Plan.of(List.of(input), shards))).isTrue();
    return job;
  }

  /** Lets in who may, and returns how many that were. */
  int start(QueueLimits limits) {
    tick();
    return books.queue().start(limits, _ -> Optional.empty());
  }

  /** Moves the clock, so that whatever comes next has a moment of its own. */
  void tick() {
    clock.advance(Duration.ofMillis(1));
  }

  @Override
  public void close() {
    database.close();
  }
}
