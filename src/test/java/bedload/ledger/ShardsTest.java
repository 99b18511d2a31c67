package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.job.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShardsTest {
  private final SettableClock clock = new SettableClock();
  private Database database;
  private Books books;
  private Shards shards;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    books = Books.open(database.jdbi(), clock, RandomGenerator.getDefault());
    shards = books.shards();
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A worker that was thought dead must not count: its shard belongs to another by then. */
  @Test
  void aLeaseIsVoidOnceTheShardIsClaimedAnew() {
    JobId job = runningJob(1);
    Lease sleeper = claim(job, 0);
    Lease successor = claim(job, 0);

    assertThat(successor.epoch()).isGreaterThan(sleeper.epoch());
    assertThat(shards.pulse(sleeper)).isEqualTo(Shards.Pulse.LOST);
    assertThat(shards.commit(sleeper, segment(sleeper, 0, 3))).isFalse();
    assertThat(shards.finish(sleeper, true)).isFalse();
    assertThat(shards.segments(sleeper.shard())).isEmpty();

    assertThat(shards.pulse(successor)).isEqualTo(Shards.Pulse.GO_ON);
    assertThat(shards.commit(successor, segment(successor, 0, 3))).isTrue();
    assertThat(shards.finish(successor, true)).isTrue();
  }

  /** It was frozen between its pick and its claim, and taken for dead meanwhile. */
  @Test
  void whoHasLostItsPickClaimsNothing() {
    JobId job = runningJob(1);
    Lease successor = claim(job, 0);

    assertThat(shards.claim(job, 0, "sleeper")).isEmpty();

    assertThat(shards.pulse(successor)).isEqualTo(Shards.Pulse.GO_ON);
  }

  /** A process that dies between the two would leave a job that nobody ends. */
  @Test
  void anEndWhoseNextStepCannotBeWrittenIsNoEnd() {
    JobId job = runningJob(1);
    Lease last = claim(job, 0);
    database.jdbi().useHandle(handle -> handle.execute("alter table ledger.task rename to gone"));

    assertThatThrownBy(() -> shards.finish(last, true)).isInstanceOf(JdbiException.class);
    database.jdbi().useHandle(handle -> handle.execute("alter table ledger.gone rename to task"));

    assertThat(shards.pulse(last)).isEqualTo(Shards.Pulse.GO_ON);
    assertThat(shards.finish(last, true)).isTrue();
    assertThat(tasks("assemble", job)).isEqualTo(1);
  }

  @Test
  void aCommitThatIsRepeatedAfterALostAnswerCountsOnce() {
    JobId job = runningJob(1);
    Lease lease = claim(job, 0);

    assertThat(shards.commit(lease, segment(lease, 0, 3))).isTrue();
    assertThat(shards.commit(lease, segment(lease, 0, 3))).isTrue();

    assertThat(shards.segments(lease.shard())).hasSize(1);
    assertThat(books.steps().find(job).orElseThrow().counts().success()).isEqualTo(3);
  }

  @Test
  void failuresCountOnceHoweverOftenTheirSegmentIsCommittedAndNeverUnderAVoidLease() {
    JobId job = runningJob(1);
    Lease sleeper = claim(job, 0);
    Lease lease = claim(job, 0);
    RecordErrors errors = new RecordErrors(database.jdbi());

    shards.commit(sleeper, segment(sleeper, 0, 0, 3), failures(0, 3));
    assertThat(errors.byCode(job)).isEmpty();

    shards.commit(lease, segment(lease, 0, 0, 3), failures(0, 3));
    shards.commit(lease, segment(lease, 0, 0, 3), failures(0, 3));

    assertThat(errors.byCode(job)).isEqualTo(Map.of(400, 2L, 500, 1L));
    assertThat(errors.first(job, OptionalInt.empty(), 10))
        .extracting(RecordErrors.FailedRecord::line)
        .containsExactly(1L, 2L, 3L);
  }

  /** A flood of one code must neither fill the ledger nor hide the few of another. */
  @Test
  void ofEachCodeAJobKeepsSoManyRecordsAndCountsAll() {
    int most = RecordErrors.MOST_OF_A_CODE;
    JobId job = runningJob(1);
    Lease lease = claim(job, 0);
    RecordErrors errors = new RecordErrors(database.jdbi());
    List<RecordFailure> flood = new ArrayList<>();
    for (int i = 0; i < most - 1; i++) {
      flood.add(new RecordFailure(i, "r" + i, 429, "busy", 3));
    }

    shards.commit(lease, segment(lease, 0, 0, most - 1), flood);
    shards.commit(
        lease,
        segment(lease, 1, most, 3),
        List.of(
            new RecordFailure(most, "last", 429, "busy", 3),
            new RecordFailure(most + 1, "one too many", 429, "busy", 3),
            new RecordFailure(most + 2, "rare", 400, "bad", 1)));

    assertThat(errors.byCode(job)).isEqualTo(Map.of(400, 1L, 429, most + 1L));
    assertThat(errors.first(job, OptionalInt.of(429), 2 * most)).hasSize(most);
    assertThat(errors.first(job, OptionalInt.of(400), 10)).hasSize(1);
  }

  /** Two shards that end at the same moment must see each other, or nobody calls for assembly. */
  @Test
  void whoeverEndsLastCallsForAssemblyHoweverTheEndsRace() throws Exception {
    for (int round = 0; round < 20; round++) {
      JobId job = runningJob(4);
      List<Lease> leases = new ArrayList<>();
      for (int number = 0; number < 4; number++) {
        leases.add(claim(job, number));
      }
      CyclicBarrier start = new CyclicBarrier(4);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Boolean>> ends = new ArrayList<>();
        for (Lease lease : leases) {
          ends.add(
              threads.submit(
                  () -> {
                    start.await();
                    return shards.finish(lease, true);
                  }));
        }
        for (Future<Boolean> end : ends) {
          assertThat(end.get()).isTrue();
        }
      }
      assertThat(tasks("assemble", job)).isEqualTo(1);
    }
  }

  @Test
  void assemblyIsNotCalledForWhileAShardIsOpen() {
    JobId job = runningJob(2);
    shards.finish(claim(job, 0), true);

    assertThat(tasks("assemble", job)).isZero();
    shards.finish(claim(job, 1), true);
    assertThat(tasks("assemble", job)).isEqualTo(1);
  }

  @Test
  void aStopTakesBackWhatNobodyRunsAndWaitsForWhatRuns() {
    JobId job = runningJob(3);
    Lease running = claim(job, 1);

    books.ledger().stop(AccountId.DEFAULT, "us-east-1", job);

    assertThat(shards.pulse(running)).isEqualTo(Shards.Pulse.WIND_DOWN);
    assertThat(PickedShard.claim(database.jdbi(), shards, job, 0, "node")).isEmpty();
    assertThat(tasks("assemble", job)).isZero();
    shards.finish(running, false);
    assertThat(tasks("assemble", job)).isEqualTo(1);
    assertThat(PickedShard.claim(database.jdbi(), shards, job, 1, "node")).isEmpty();
  }

  @Test
  void aFailedJobIsSweptOnlyWhenItsLastShardHasEnded() {
    JobId job = runningJob(2);
    Lease running = claim(job, 0);

    books.steps().fail(job, "for the test");

    assertThat(tasks("sweep", job)).isZero();
    shards.finish(running, false);
    assertThat(tasks("sweep", job)).isEqualTo(1);
    assertThat(tasks("assemble", job)).isZero();
  }

  @Test
  void theTimeoutOfARunningJobWindsItDownAndThatOfAWaitingOneExpiresIt() {
    JobId running = runningJob(1);
    Lease lease = claim(running, 0);
    JobId waiting = scheduledJob(1);

    clock.advance(Duration.ofHours(24).minusMillis(1));
    assertThat(books.steps().timeOut()).isZero();
    clock.advance(Duration.ofMillis(1));
    assertThat(books.steps().timeOut()).isEqualTo(2);

    assertThat(shards.pulse(lease)).isEqualTo(Shards.Pulse.WIND_DOWN);
    assertThat(books.steps().find(running).orElseThrow().status()).isEqualTo(JobStatus.IN_PROGRESS);
    assertThat(books.steps().find(waiting).orElseThrow().status()).isEqualTo(JobStatus.EXPIRED);
    assertThat(books.steps().timeOut()).isZero();
  }

  /** Its task waits for the next try, unpicked; without it nobody would ever end the shard. */
  @Test
  void aShardThatWasBegunKeepsItsTaskWhenTheJobWindsDown() {
    JobId job = runningJob(3);
    Lease begun = claim(job, 1);
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("update ledger.shard_task set execution_time = '2100-01-01Z'"));

    books.ledger().stop(AccountId.DEFAULT, "us-east-1", job);

    assertThat(dueShards(job)).containsExactly(job + "/1");
    assertThat(shards.finish(begun, false)).isTrue();
    assertThat(tasks("assemble", job)).isEqualTo(1);
  }

  @Test
  void whileANodeKeepsAnswersTheJobsOtherShardsAreOffTheListAndThenOnItAgain() {
    JobId job = runningJob(3);
    Lease lease = claim(job, 1);

    shards.keep(lease, "node", "Paused: closed");

    assertThat(dueShards(job)).containsExactly(job + "/1");
    assertThat(books.steps().find(job).orElseThrow().message()).isEqualTo("Paused: closed");
    Lease again = claim(job, 1);
    // While it is tried again the owner reads the same.
    assertThat(books.steps().find(job).orElseThrow().message()).isEqualTo("Paused: closed");
    shards.goOn(lease);
    assertThat(dueShards(job)).as("after a void lease").containsExactly(job + "/1");

    shards.goOn(again);

    assertThat(dueShards(job)).containsExactly(job + "/0", job + "/1", job + "/2");
    assertThat(books.steps().find(job).orElseThrow().message()).isNull();
  }

  /** Another would pay for the same answers again. */
  @Test
  void aShardWhoseAnswersANodeKeepsIsNobodyElsesWhileThatNodeLives() {
    books.nodes().join(new Nodes.Self("node", "all", "", "1 at here", ""));
    JobId job = runningJob(1);
    shards.keep(claim(job, 0), "node", "Paused: closed");

    assertThat(PickedShard.claim(database.jdbi(), shards, job, 0, "other")).isEmpty();
    assertThat(shards.isKeptElsewhere(job, 0, "other")).isTrue();
    assertThat(shards.isKeptElsewhere(job, 0, "node")).isFalse();
    assertThat(PickedShard.claim(database.jdbi(), shards, job, 0, "node")).isPresent();

    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("update ledger.node set seen_at = seen_at - interval '31 seconds'"));

    assertThat(PickedShard.claim(database.jdbi(), shards, job, 0, "other")).isPresent();
  }

  private static final String DUE_SHARDS =
      """
      select task_instance
        from ledger.shard_task
       where task_instance like :job || '/%' and not picked and execution_time <= now()
       order by task_instance
      """;

  private List<String> dueShards(JobId job) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle.createQuery(DUE_SHARDS).bind("job", job.value()).mapTo(String.class).list());
  }

  private JobId scheduledJob(int count) {
    return RunningJob.scheduled(books, count, 10);
  }

  private JobId runningJob(int count) {
    return RunningJob.start(books, count, 10);
  }

  private Lease claim(JobId job, int number) {
    return PickedShard.claim(database.jdbi(), shards, job, number, "node").orElseThrow();
  }

  private static Segment segment(Lease lease, int sequence, int records) {
    Ordinals ordinals = Ordinals.none();
    for (int i = 0; i < records; i++) {
      ordinals.add(i);
    }
    return new Segment(
        lease.epoch(), sequence, ordinals, records, 0, TokenUsage.of(5L, null), 100, 7);
  }

  private static Segment segment(Lease lease, int sequence, int first, int failed) {
    Ordinals ordinals = Ordinals.none();
    for (int i = 0; i < failed; i++) {
      ordinals.add(first + i);
    }
    return new Segment(lease.epoch(), sequence, ordinals, 0, failed, TokenUsage.UNKNOWN, 100, 7);
  }

  /** Returns failures of which the last has another code. */
  private static List<RecordFailure> failures(int first, int count) {
    List<RecordFailure> failures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      failures.add(new RecordFailure(first + i, "r" + i, i == count - 1 ? 500 : 400, "bad", 1));
    }
    return failures;
  }

  private int tasks(String name, JobId job) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "select count(*) from ledger.task where task_name = :name and task_instance = :job")
                    .bind("name", name)
                    .bind("job", job.value())
                    .mapTo(int.class)
                    .one());
  }
}
