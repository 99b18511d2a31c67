package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.AccountId;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.job.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueuePlacesTest {
  private static final List<AccountId> ACCOUNTS =
      List.of(
          new AccountId("111111111111"),
          new AccountId("222222222222"),
          new AccountId("333333333333"));

  private final QueueStage stage = new QueueStage();
  private final Books books = stage.books;
  private final SettableClock clock = stage.clock;
  private final Jdbi jdbi = stage.database.jdbi();

  @AfterEach
  void close() {
    stage.close();
  }

  /** The forecast and the queue are two pieces of code, and must be of one mind. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void jobsStartInTheOrderOfTheirPlaces(long seed) {
    Random random = new Random(seed);
    QueueLimits limits = new QueueLimits(1 + random.nextInt(3), 1 + random.nextInt(3));
    for (int i = 0; i < 4; i++) {
      waiting(ACCOUNTS.get(random.nextInt(3)), "a", 10);
      start(limits);
    }
    for (int i = 0; i < 25; i++) {
      waiting(ACCOUNTS.get(random.nextInt(3)), "a", 10);
    }
    start(limits);
    books.queuePlaces().reckon(limits);
    List<JobId> announced =
        places().entrySet().stream()
            .filter(entry -> entry.getValue().position() != null)
            .sorted(Comparator.comparing(entry -> entry.getValue().position()))
            .map(Map.Entry::getKey)
            .toList();

    assertThat(startsUntilNoneWaits(limits)).containsExactlyElementsOf(announced);
  }

  /** Ends the running jobs one by one, the first started first, and returns who comes in. */
  private List<JobId> startsUntilNoneWaits(QueueLimits limits) {
    List<JobId> starts = new ArrayList<>();
    List<JobId> seen = new ArrayList<>(running());
    for (List<JobId> now = running(); !now.isEmpty(); now = running()) {
      end(now.getFirst(), 10);
      start(limits);
      running().stream().filter(id -> !seen.contains(id)).forEach(starts::add);
      seen.addAll(running());
    }
    return starts;
  }

  @Test
  void thePaceIsMeasuredAndTimesFollowFromIt() {
    JobId runs = waiting(ACCOUNTS.get(0), "a", 1_000);
    JobId waits = waiting(ACCOUNTS.get(1), "a", 500);
    start(QueueStage.ONE_A_MODEL);
    books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    assertThat(place(runs).estimatedEnd()).isNull();
    assertThat(place(waits).position()).isEqualTo(1);
    assertThat(place(waits).aheadRecords()).isEqualTo(1_000);
    assertThat(place(waits).estimatedStart()).isNull();

    for (int done = 20; done <= 400; done += 20) {
      clock.advance(Duration.ofSeconds(2));
      done(runs, done);
      books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    }

    assertThat(place(runs).recordsPerSecond()).isCloseTo(10.0, Offset.offset(0.1));
    assertAbout(place(runs).estimatedEnd(), 60);
    assertAbout(place(waits).estimatedStart(), 60);
    assertAbout(place(waits).estimatedEnd(), 110);
  }

  @Test
  void aPaceThatChangesIsFollowedWithinAMinute() {
    JobId runs = waiting(ACCOUNTS.get(0), "a", 100_000);
    start(QueueStage.ONE_A_MODEL);
    int done = 0;
    for (int second = 0; second < 120; second += 2) {
      clock.advance(Duration.ofSeconds(2));
      done += second < 60 ? 200 : 20;
      done(runs, done);
      books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    }

    assertThat(place(runs).recordsPerSecond()).isBetween(9.9, 25.0);
  }

  @Test
  void thePaceOfAModelOutlivesTheJobThatShowedIt() {
    JobId first = waiting(ACCOUNTS.get(0), "a", 100);
    JobId second = waiting(ACCOUNTS.get(0), "a", 100);
    start(QueueStage.ONE_A_MODEL);
    books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    clock.advance(Duration.ofSeconds(10));
    done(first, 100);
    end(first, 100);
    start(QueueStage.ONE_A_MODEL);
    books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);

    assertAbout(place(second).estimatedEnd(), 10);
    assertThat(books.queuePlaces().of(first)).isEmpty();
  }

  /** A mean that only fades would promise an end in days. */
  @Test
  void aJobWithoutProgressHasNoPaceAndNoEnd() {
    JobId runs = waiting(ACCOUNTS.get(0), "a", 1_000);
    start(QueueStage.ONE_A_MODEL);
    books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    for (int done = 20; done <= 100; done += 20) {
      clock.advance(Duration.ofSeconds(2));
      done(runs, done);
      books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    }
    assertThat(place(runs).estimatedEnd()).isNotNull();

    for (int second = 0; second < 600; second += 2) {
      clock.advance(Duration.ofSeconds(2));
      books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    }

    assertThat(place(runs).recordsPerSecond()).isNull();
    assertThat(place(runs).estimatedEnd()).isNull();
  }

  @Test
  void placesAreEmptiedWhenNothingWaitsOrRuns() {
    JobId only = waiting(ACCOUNTS.get(0), "a", 10);
    start(QueueStage.ONE_A_MODEL);
    books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    assertThat(books.queuePlaces().of(only)).isPresent();

    end(only, 10);
    books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);
    books.queuePlaces().reckon(QueueStage.ONE_A_MODEL);

    assertThat(places()).isEmpty();
  }

  private void assertAbout(@Nullable Instant at, int seconds) {
    assertThat(at)
        .isBetween(
            clock.instant().plusSeconds(seconds - 1), clock.instant().plusSeconds(seconds + 1));
  }

  private QueuePlace place(JobId id) {
    return books.queuePlaces().of(id).orElseThrow();
  }

  private Map<JobId, QueuePlace> places() {
    return books.queuePlaces().of(ids("select job_id from ledger.queue_place"));
  }

  private List<JobId> running() {
    return ids("select id from ledger.job where status = 'InProgress' order by started_at");
  }

  private List<JobId> ids(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list()).stream()
        .map(JobId::new)
        .toList();
  }

  private void start(QueueLimits limits) {
    stage.start(limits);
  }

  private void done(JobId id, int records) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "update ledger.shard set success = ? where job_id = ?", records, id.value()));
  }

  private void end(JobId id, int records) {
    stage.tick();
    assertThat(
            books
                .steps()
                .end(
                    id,
                    JobStatus.IN_PROGRESS,
                    JobStatus.COMPLETED,
                    new RecordCounts(records, records, 0),
                    TokenUsage.UNKNOWN))
        .isTrue();
    jdbi.useHandle(
        handle -> handle.execute("delete from ledger.shard where job_id = ?", id.value()));
  }

  private JobId waiting(AccountId account, String model, int records) {
    return stage.waiting(account, model, 1, records).id();
  }
}
