package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.InputObject;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Price;
import bedload.job.S3Uri;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueTest {
  private static final AccountId LARGE = new AccountId("111111111111");
  private static final AccountId SMALL = new AccountId("222222222222");
  private static final QueueLimits ONE_A_MODEL = new QueueLimits(10, 1);

  private final SettableClock clock = new SettableClock();
  private Database database;
  private Books books;
  private int names;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    books = Books.open(database.jdbi(), clock, RandomGenerator.getDefault());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void noMoreJobsRunThanTheirAccountAndTheirModelMay() {
    IntStream.range(0, 5).forEach(_ -> waiting(LARGE, "a"));
    IntStream.range(0, 5).forEach(_ -> waiting(SMALL, "a"));
    waiting(SMALL, "arn:aws:bedrock:us-east-1::foundation-model/a");
    waiting(SMALL, "b");

    assertThat(books.queue().start(new QueueLimits(3, 4), _ -> Optional.empty())).isEqualTo(5);

    // Two of each for the model, and the one job for the other model.
    assertThat(running()).filteredOn(job -> job.account().equals(LARGE)).hasSize(2);
    assertThat(running())
        .filteredOn(job -> job.account().equals(SMALL))
        .extracting(job -> job.spec().modelId())
        .containsExactlyInAnyOrder("a", "a", "b");
    assertThat(books.queue().start(new QueueLimits(3, 4), _ -> Optional.empty())).isZero();
  }

  /** Or a change of the price list would change what last month cost. */
  @Test
  void aJobKeepsThePriceThatItBeganUnder() {
    JobId priced = waiting(SMALL, "a").id();
    JobId unpriced = waiting(SMALL, "b").id();
    Price price = new Price(new BigDecimal("0.25"), new BigDecimal("1.25"));

    books
        .queue()
        .start(
            QueueLimits.DEFAULT,
            model -> model.equals("a") ? Optional.of(price) : Optional.empty());

    assertThat(priceOf(priced)).isEqualTo("0.25 1.25 0.25 0.25");
    assertThat(priceOf(unpriced)).isEmpty();
  }

  private String priceOf(JobId job) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "select concat_ws(' ', input_price, output_price, cache_read_price, cache_write_price) from ledger.job where id = :id")
                    .bind("id", job.value())
                    .mapTo(String.class)
                    .one());
  }

  @Test
  void anAccountWithOneJobWaitsForOneOfTheOthersTwoHundredThoughItCameLast() {
    IntStream.range(0, 200).forEach(_ -> waiting(LARGE, "a"));
    assertThat(startOne().account()).isEqualTo(LARGE);
    JobId single = waiting(SMALL, "a").id();

    assertThat(startsUntil(single)).isEqualTo(1);
  }

  @Test
  void anAccountWithOneJobGoesFirstIfItCameFirst() {
    JobId single = waiting(SMALL, "a").id();
    IntStream.range(0, 200).forEach(_ -> waiting(LARGE, "a"));

    assertThat(startsUntil(single)).isEqualTo(1);
  }

  @Test
  void accountsTakeTurnsAndEachOnesJobsGoInTheirOrder() {
    List<JobId> large = IntStream.range(0, 3).mapToObj(_ -> waiting(LARGE, "a").id()).toList();
    List<JobId> small = IntStream.range(0, 2).mapToObj(_ -> waiting(SMALL, "a").id()).toList();

    List<JobId> order = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Job job = startOne();
      order.add(job.id());
      end(job);
    }

    assertThat(order)
        .containsExactly(large.get(0), small.get(0), large.get(1), small.get(1), large.get(2));
  }

  @Test
  void aJobThatIsAboutToExpireGoesBeforeAnotherAccountsTurn() {
    assertThat(firstAfter(Duration.ofHours(20))).isEqualTo(SMALL);
    assertThat(firstAfter(Duration.ofHours(22))).isEqualTo(LARGE);
  }

  /** Returns who goes first when the small account's turn meets an old job of the large one. */
  private AccountId firstAfter(Duration wait) {
    waiting(LARGE, "a");
    end(startOne());
    waiting(LARGE, "a");
    clock.advance(wait);
    waiting(SMALL, "a");
    AccountId first = startOne().account();
    end(running().getFirst());
    end(startOne());
    return first;
  }

  @Test
  void aJobWhoseTimeIsOverIsNotStartedButExpires() {
    Job job = waiting(LARGE, "a");
    clock.advance(job.spec().timeout());

    assertThat(books.queue().start(ONE_A_MODEL, _ -> Optional.empty())).isZero();
    assertThat(books.steps().timeOut()).isOne();
    assertThat(find(job).status()).isEqualTo(JobStatus.EXPIRED);
  }

  @Test
  void aJobThatEndsCallsForTheNextAtOnce() {
    waiting(LARGE, "a");
    Job job = startOne();
    database.jdbi().useHandle(handle -> handle.execute("delete from ledger.task"));

    end(job);

    assertThat(count("ledger.task where task_name = 'start'")).isOne();
  }

  /** Shards of two jobs alternate, whichever began first: a large job holds up nobody. */
  @Test
  void aJobThatBeginsLaterIsServedShardByShardBesideOneThatHasManyLeft() {
    Job large = waiting(LARGE, "a", 50);
    books.queue().start(QueueLimits.DEFAULT, _ -> Optional.empty());
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "delete from ledger.shard_task where task_instance in (?, ?, ?)",
                    large.id() + "/0",
                    large.id() + "/1",
                    large.id() + "/2"));
    Job small = waiting(SMALL, "a", 2);
    books.queue().start(QueueLimits.DEFAULT, _ -> Optional.empty());

    assertThat(firstShardTasks(4))
        .containsExactlyInAnyOrder(
            large.id() + "/3", small.id() + "/0", large.id() + "/4", small.id() + "/1");
  }

  private List<String> firstShardTasks(int limit) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "select task_instance from ledger.shard_task order by execution_time limit :limit")
                    .bind("limit", limit)
                    .mapTo(String.class)
                    .list());
  }

  /** Returns how many jobs are started until this one is, itself included. */
  private int startsUntil(JobId wanted) {
    running().forEach(this::end);
    for (int starts = 1; ; starts++) {
      Job started = startOne();
      if (started.id().equals(wanted)) {
        return starts;
      }
      end(started);
    }
  }

  private Job startOne() {
    clock.advance(Duration.ofMillis(1));
    assertThat(books.queue().start(ONE_A_MODEL, _ -> Optional.empty())).isOne();
    return running().getFirst();
  }

  private List<Job> running() {
    return List.of(LARGE, SMALL).stream()
        .flatMap(
            account ->
                books
                    .ledger()
                    .list(
                        account,
                        "us-east-1",
                        new JobQuery(JobStatus.IN_PROGRESS, null, null, null, true, null),
                        1_000)
                    .stream())
        .toList();
  }

  private void end(Job job) {
    books
        .steps()
        .end(
            job.id(), JobStatus.IN_PROGRESS, JobStatus.COMPLETED, job.counts(), TokenUsage.UNKNOWN);
  }

  private Job find(Job job) {
    return books.steps().find(job.id()).orElseThrow();
  }

  private Job waiting(AccountId account, String model) {
    return waiting(account, model, 1);
  }

  private Job waiting(AccountId account, String model, int shardCount) {
    clock.advance(Duration.ofMillis(1));
    SubmitResult result =
        books
            .ledger()
            .submit(
                account,
                "us-east-1",
                JobSpecs.of("job-" + names++, null, model, "s3://in/r.jsonl", "s3://out/"));
    Job job = ((SubmitResult.Submitted) result).job();
    books.steps().beginValidating(job.id());
    InputObject input =
        new InputObject(
            0, new S3Uri("in", "r.jsonl"), "r.jsonl", shardCount * 10L, "etag", shardCount);
    List<Shard> shards =
        IntStream.range(0, shardCount)
            .mapToObj(
                number ->
                    new Shard(job.id(), number, 0, number * 10L, number * 10L + 10, number, 1))
            .toList();
    assertThat(books.steps().schedule(job.id(), Plan.of(List.of(input), shards))).isTrue();
    return job;
  }

  private int count(String from) {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery("select count(*) from " + from).mapTo(int.class).one());
  }
}
