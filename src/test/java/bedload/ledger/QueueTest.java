package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Price;
import bedload.job.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueTest {
  private static final AccountId LARGE = new AccountId("111111111111");
  private static final AccountId SMALL = new AccountId("222222222222");
  private static final Duration A_JOB = Duration.ofMinutes(1);

  private final QueueStage stage = new QueueStage();
  private final Books books = stage.books;
  private final Jdbi jdbi = stage.database.jdbi();

  @AfterEach
  void close() {
    stage.close();
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
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select concat_ws(' ', input_price, output_price, cache_read_price,"
                        + " cache_write_price) from ledger.job where id = :id")
                .bind("id", job.value())
                .mapTo(String.class)
                .one());
  }

  @Test
  void anAccountWithOneJobWaitsForOneOfTheOthersTwoHundredThoughItCameLast() {
    IntStream.range(0, 200).forEach(_ -> waiting(LARGE, "a"));
    assertThat(startOne().account()).isEqualTo(LARGE);
    Job single = waiting(SMALL, "a");

    assertThat(waitOf(single, "B comes last")).isEqualTo(A_JOB);
  }

  @Test
  void anAccountWithOneJobGoesFirstIfItCameFirst() {
    Job single = waiting(SMALL, "a");
    IntStream.range(0, 200).forEach(_ -> waiting(LARGE, "a"));

    assertThat(waitOf(single, "B comes first")).isZero();
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
    stage.clock.advance(wait);
    waiting(SMALL, "a");
    AccountId first = startOne().account();
    end(running().getFirst());
    end(startOne());
    return first;
  }

  @Test
  void aJobWhoseTimeIsOverIsNotStartedButExpires() {
    Job job = waiting(LARGE, "a");
    stage.clock.advance(job.spec().timeout());

    assertThat(books.queue().start(QueueStage.ONE_A_MODEL, _ -> Optional.empty())).isZero();
    assertThat(books.steps().timeOut()).isOne();
    assertThat(find(job).status()).isEqualTo(JobStatus.EXPIRED);
  }

  @Test
  void aJobThatEndsCallsForTheNextAtOnce() {
    waiting(LARGE, "a");
    Job job = startOne();
    jdbi.useHandle(handle -> handle.execute("delete from ledger.task"));

    end(job);

    assertThat(count("ledger.task where task_name = 'start'")).isOne();
  }

  /** Shards of two jobs alternate, whichever began first: a large job holds up nobody. */
  @Test
  void aJobThatBeginsLaterIsServedShardByShardBesideOneThatHasManyLeft() {
    Job large = waiting(LARGE, "a", 50);
    books.queue().start(QueueLimits.DEFAULT, _ -> Optional.empty());
    jdbi.useHandle(
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
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select task_instance from ledger.shard_task order by execution_time limit"
                        + " :limit")
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
  }

  /**
   * Returns how long a job waits from now on, when each job that runs takes a minute, and prints
   * it.
   */
  private Duration waitOf(Job wanted, String order) {
    Duration wait = Duration.ZERO;
    while (true) {
      if (!running().isEmpty()) {
        wait = wait.plus(A_JOB);
        stage.clock.advance(A_JOB);
        running().forEach(this::end);
      }
      if (startOne().id().equals(wanted.id())) {
        System.out.printf(
            "Account A has 200 jobs of %d s, account B one, %s: B waits %d s; in one line %d s.%n",
            A_JOB.toSeconds(),
            order,
            wait.toSeconds(),
            order.endsWith("last") ? 200 * A_JOB.toSeconds() : 0);
        return wait;
      }
    }
  }

  private Job startOne() {
    assertThat(stage.start(QueueStage.ONE_A_MODEL)).isOne();
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
    return stage.waiting(account, model, shardCount, 1);
  }

  private int count(String from) {
    return jdbi.withHandle(
        handle -> handle.createQuery("select count(*) from " + from).mapTo(int.class).one());
  }
}
