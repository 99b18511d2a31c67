package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A part of a name finds the same jobs, whether they are read from the list or from pages. */
class NameSearchTest {
  private static final AccountId ACCOUNT = AccountId.DEFAULT;
  private static final String REGION = "us-east-1";
  private static final AccountId OTHER = new AccountId("222222222222");
  private static final JobId LATECOMER = new JobId("latecomer000");
  private static final Instant LATE = Instant.parse("2026-01-01T00:20:01Z");
  private static final int JOBS = 3_456;
  private static final int SHORT_STRETCH = 70;
  private static final List<String> PARTS =
      List.of("nightly", "weekly", "-12", "-345", "7", "y-10", "zq", "nightly-3", "WEEKLY", "late");

  private static final SettableClock clock = new SettableClock();
  private static Database database;
  private static List<Job> all;

  @BeforeAll
  static void fill() {
    database = TestDatabase.create();
    ManyJobs.fill(database, JOBS);
    // Three that come when the pages of their time are there already, one before all others.
    Ledger ledger = new Ledger(database.jdbi(), clock, new Random(1));
    for (String at :
        List.of("2025-12-01T00:00:00Z", "2026-01-01T01:00:05Z", "2026-01-01T05:00:00Z")) {
      clock.advance(Duration.between(clock.instant(), Instant.parse(at)));
      ledger.submit(ACCOUNT, REGION, JobSpecs.named("late-" + at.substring(0, 10) + at.charAt(12)));
    }
    all = ledger.list(ACCOUNT, REGION, JobQuery.ALL, 2 * JOBS);
    assertThat(all).hasSize(JOBS + 3);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void everySearchFindsWhatAReaderOfTheWholeListFinds() {
    Random random = new Random(20_261_124);
    for (int round = 0; round < 400; round++) {
      JobQuery query =
          new JobQuery(
              random.nextInt(3) == 0 ? JobStatus.COMPLETED : null,
              PARTS.get(random.nextInt(PARTS.size())),
              random.nextInt(4) == 0 ? anyJob(random).submitTime() : null,
              random.nextInt(4) == 0 ? anyJob(random).submitTime() : null,
              random.nextBoolean(),
              random.nextBoolean() ? JobQuery.Position.of(anyJob(random)) : null);
      int limit = 1 + random.nextInt(40);

      assertThat(search(database, ACCOUNT, query, limit))
          .describedAs("%s", query)
          .isEqualTo(expected(query, limit));
    }
  }

  /** A submit takes the time, enters the job, and then looks for the page of that time. */
  @Test
  void aJobWhosePageIsMadeBeforeItIsLookedForIsFound() {
    try (Database own = oldJobs()) {
      own.jdbi()
          .useTransaction(
              handle -> {
                insertLatecomer(handle);
                fold(own);
                enterLatecomer(handle);
              });

      assertThat(search(own, OTHER, named("latecomer"), 10)).containsExactly(LATECOMER.value());
    }
  }

  @Test
  void aPageWaitsForAJobThatHasLookedForItInVain() throws InterruptedException {
    try (Database own = oldJobs()) {
      Thread folding =
          own.jdbi()
              .inTransaction(
                  handle -> {
                    insertLatecomer(handle);
                    enterLatecomer(handle);
                    Thread thread = Thread.ofVirtual().start(() -> fold(own));
                    await().until(() -> !thread.isAlive() || waitsForALock(own));
                    return thread;
                  });
      folding.join();

      assertThat(search(own, OTHER, named("latecomer"), 10)).containsExactly(LATECOMER.value());
    }
  }

  private static Database oldJobs() {
    Database own = TestDatabase.create();
    ManyJobs.fill(own, 1_500);
    own.jdbi()
        .useHandle(
            handle -> handle.execute("update ledger.job set account = '" + OTHER.value() + "'"));
    return own;
  }

  private static void fold(Database of) {
    of.jdbi().useHandle(handle -> NamePages.fold(handle, OTHER, REGION));
  }

  private static void enterLatecomer(Handle handle) {
    NamePages.enter(handle, OTHER, REGION, "latecomer", LATE, LATECOMER);
  }

  private static boolean waitsForALock(Database of) {
    return of.jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select exists (select from pg_locks where not granted)")
                    .mapTo(boolean.class)
                    .one());
  }

  private static final String LATECOMER_ROW =
      """
      insert into ledger.job (
             id, account, region, job_name, role_arn, model_id, invocation_type,
             input_uri, input_bucket_owner, output_uri, output_bucket_owner,
             timeout_seconds, tag_keys, tag_values, status, submitted_at, changed_at, deadline, model_key)
      select :id, account, region, 'latecomer', role_arn, model_id, invocation_type,
             input_uri, input_bucket_owner, output_uri, output_bucket_owner,
             timeout_seconds, tag_keys, tag_values, status, :at, changed_at, deadline, model_key
        from ledger.job
       limit 1
      """;

  private static void insertLatecomer(Handle handle) {
    handle.createUpdate(LATECOMER_ROW).bind("id", LATECOMER.value()).bind("at", LATE).execute();
  }

  private static JobQuery named(String part) {
    return new JobQuery(null, part, null, null, false, null);
  }

  private static Job anyJob(Random random) {
    return all.get(random.nextInt(all.size()));
  }

  private static List<String> search(Database in, AccountId account, JobQuery query, int limit) {
    ListScope scope = new ListScope(account, REGION, query);
    NameSearch search = new NameSearch(scope, part(query), limit, SHORT_STRETCH);
    return in.jdbi().inTransaction(search::ids);
  }

  private static List<String> expected(JobQuery query, int limit) {
    List<Job> jobs = new ArrayList<>(all);
    if (query.ascending()) {
      Collections.reverse(jobs);
    }
    int first = query.after() == null ? 0 : placeOf(jobs, query.after()) + 1;
    return jobs.subList(first, jobs.size()).stream()
        .filter(job -> query.status() == null || job.status() == query.status())
        .filter(job -> job.spec().jobName().contains(part(query)))
        .filter(job -> !isBefore(job, query.submittedAfter()))
        .filter(
            job ->
                query.submittedBefore() == null
                    || !job.submitTime().isAfter(query.submittedBefore()))
        .limit(limit)
        .map(job -> job.id().value())
        .toList();
  }

  private static String part(JobQuery query) {
    return Objects.requireNonNull(query.nameContains());
  }

  private static boolean isBefore(Job job, @Nullable Instant time) {
    return time != null && job.submitTime().isBefore(time);
  }

  private static int placeOf(List<Job> jobs, JobQuery.Position place) {
    return jobs.stream().map(Job::id).toList().indexOf(place.id());
  }
}
