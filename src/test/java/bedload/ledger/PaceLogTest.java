package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.web.FiftyJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaceLogTest {
  private static final String ACCOUNT = "000000000000";
  private static final PaceLog.ModelCalls CALLS =
      model -> model.startsWith("amazon.") ? new PaceLog.InFlight(7, 9) : null;

  private final Database database = TestDatabase.create();
  private Instant now = Instant.parse("2026-05-01T12:00:00Z");
  private final PaceLog log = new PaceLog(database.jdbi(), () -> now);
  private JobId running = new JobId("aaaaaaaaaaaa");

  @BeforeEach
  void fiftyJobs() {
    Map<JobStatus, String> ids = FiftyJobs.writeTo(database.jdbi(), ACCOUNT, now);
    running = new JobId(Objects.requireNonNull(ids.get(JobStatus.IN_PROGRESS)));
    // As if it had just begun.
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("delete from ledger.pace_point");
              handle.execute(
                  "update ledger.job set started_at = ? where id = ?", now, running.value());
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void done(long success) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update ledger.shard set success = ? where job_id = ?",
                    success,
                    running.value()));
  }

  @Test
  void onlyJobsThatRunHavePointsAndNoMoreOftenThanTwoSeconds() {
    assertThat(log.write(CALLS)).isEqualTo(12);
    assertThat(log.write(CALLS)).isZero();
    now = now.plusMillis(1_900);
    assertThat(log.write(CALLS)).isZero();
    now = now.plusMillis(100);
    assertThat(log.write(CALLS)).isEqualTo(1);
    assertThat(log.points(running)).hasSize(2);
  }

  @Test
  void aPointHasTheCountsAndTheCallsOfItsModel() {
    done(41);
    log.write(CALLS);

    List<PaceLog.Point> points = log.points(running);

    assertThat(points).hasSize(1);
    assertThat(points.getFirst().success()).isEqualTo(41);
    assertThat(points.getFirst().at()).isEqualTo(now);
    List<Boolean> known =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "select distinct in_flight = 7 and in_flight_limit = 9 from ledger.pace_point where in_flight is not null")
                        .mapTo(Boolean.class)
                        .list());
    assertThat(known).containsExactly(true);
  }

  /** Answers are counted some at once, and not when points are due. */
  @Test
  void anEvenPaceIsAnEvenCurveWheneverAnswersAreCounted() {
    Instant began = now;
    long counted = 0;
    for (int second = 1; second <= 90; second++) {
      while (Duration.between(began, now).toMillis() < second * 1_000L) {
        now = now.plusMillis(10);
        if (Duration.between(began, now).toMillis() % 2_230 == 0) {
          counted += 223;
          count(counted, now);
        }
      }
      log.write(CALLS);
    }
    List<PaceLog.Point> points = log.points(running);
    assertThat(points).hasSizeGreaterThan(30);
    for (int i = 2; i < points.size(); i++) {
      PaceLog.Point last = points.get(i - 1);
      PaceLog.Point point = points.get(i);
      double seconds = Duration.between(last.at(), point.at()).toMillis() / 1_000.0;
      assertThat((point.success() - last.success()) / seconds).isBetween(99.0, 101.0);
    }
  }

  @Test
  void aStandstillIsSeen() {
    count(500, now);
    log.write(CALLS);
    for (int second = 0; second < 30; second++) {
      now = now.plusSeconds(1);
      log.write(CALLS);
    }
    List<PaceLog.Point> points = log.points(running);
    assertThat(points).hasSizeGreaterThan(8);
    assertThat(points.getLast().at()).isAfter(now.minusSeconds(3));
    assertThat(points.getLast().success()).isEqualTo(points.getFirst().success());
  }

  private void count(long success, Instant at) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update ledger.shard set success = ?, counted_at = ? where job_id = ?",
                    success,
                    at,
                    running.value()));
  }

  /** A week at a point every two seconds would be 300,000 of them. */
  @Test
  void aLongLifeHasSomeHundredPointsOverAllOfIt() {
    Instant began = now;
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update ledger.job set status = 'Stopped' where id <> ?", running.value()));
    for (int i = 0; i < 300; i++) {
      done(i);
      log.write(CALLS);
      now = now.plus(Duration.between(began, now).dividedBy(120)).plusSeconds(2);
    }

    List<PaceLog.Point> points = log.points(running);

    assertThat(points).hasSizeBetween(100, PaceLog.MOST_POINTS + 1);
    assertThat(points.getFirst().at()).isEqualTo(began);
    assertThat(points).isSortedAccordingTo(Comparator.comparing(PaceLog.Point::at));
  }

  @Test
  void whatAnAccountComesToIsItsOwnOnly() {
    done(1_000);
    log.write(CALLS);
    now = now.plusSeconds(10);
    done(1_600);
    log.write(CALLS);

    PaceLog.Today mine = log.today(ACCOUNT, "us-east-1", now.minus(Duration.ofDays(1)));
    PaceLog.Today anothers = log.today("999999999999", "us-east-1", now.minus(Duration.ofDays(1)));

    assertThat(mine.recordsAMinute()).as("older jobs have done nothing").isEqualTo(1_600 + 195);
    assertThat(mine.tokensToday()).isPositive();
    assertThat(mine.costToday()).as("of jobs without a price").isNull();
    assertThat(anothers).isEqualTo(new PaceLog.Today(0, 0, anothers.costToday()));
    assertThat(log.tokens(ACCOUNT, "us-east-1", now.minus(Duration.ofDays(3)))).isNotEmpty();
    assertThat(log.tokens("999999999999", "us-east-1", now.minus(Duration.ofDays(3)))).isEmpty();
  }
}
