package bedload.ledger;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.JobId;
import bedload.job.JobStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How long a page of a list takes among a million jobs. No test, so it is run only by its name;
 * {@code docs/benchmarks.md} has the figures.
 */
class JobListBenchmark {
  private static final int JOBS = 1_000_000;
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 40;
  private static final int SUBMITS = 2_000;
  private static final Instant MIDDLE = Instant.parse("2026-02-28T00:00:00Z");

  @Test
  void pagesOfAMillionJobs() {
    try (Database database = TestDatabase.create()) {
      ManyJobs.fill(database, JOBS);
      Ledger ledger = new Ledger(database.jdbi(), Instant::now, new Random(1));
      JobQuery.Position late =
          new JobQuery.Position(Instant.parse("2026-01-01T00:16:50Z"), new JobId("000000000000"));

      System.out.printf("| list | jobs on the page | median ms | slowest of %d |%n", ROUNDS);
      measure(ledger, "first page", JobQuery.ALL, 101);
      measure(ledger, "first page of 1,000", JobQuery.ALL, 1001);
      measure(ledger, "last page", new JobQuery(null, null, null, null, false, late), 101);
      measure(ledger, "oldest first", new JobQuery(null, null, null, null, true, null), 101);
      measure(ledger, "status Failed (1 of 100)", query(JobStatus.FAILED, null), 101);
      measure(ledger, "status Stopped (1 of 1,000)", query(JobStatus.STOPPED, null), 101);
      measure(ledger, "status Submitted (20)", query(JobStatus.SUBMITTED, null), 101);
      measure(ledger, "name in nearly all", query(null, "nightly"), 101);
      measure(ledger, "name in 1 of 1,000", query(null, "weekly"), 101);
      measure(ledger, "name in 1,111", query(null, "nightly-123"), 101);
      measure(ledger, "name in 11,111, all of them old", query(null, "nightly-12"), 101);
      measure(ledger, "name of one", query(null, "nightly-123456"), 101);
      measure(ledger, "name of none", query(null, "absent"), 101);
      measure(ledger, "two letters of none", query(null, "zq"), 101);
      measure(ledger, "name and status", query(JobStatus.COMPLETED, "weekly"), 101);
      measure(ledger, "name of none and status", query(JobStatus.COMPLETED, "absent"), 101);
      measure(
          ledger, "name in nearly all, status of few", query(JobStatus.STOPPED, "nightly"), 101);
      measure(ledger, "name of the oldest, newest first", query(null, "nightly-1-"), 101);
      measure(
          ledger,
          "name in 1 of 1,000, page of 1,000",
          new JobQuery(null, "weekly", null, null, true, null),
          1001);
      measure(
          ledger,
          "name of none before the middle, oldest first",
          new JobQuery(null, "absent", null, MIDDLE, true, null),
          101);
      measure(ledger, "since", new JobQuery(null, null, MIDDLE, null, true, null), 101);
      measure(ledger, "until", new JobQuery(null, null, null, MIDDLE, false, null), 101);
      measureSubmits(ledger);
    }
  }

  private static JobQuery query(@Nullable JobStatus status, @Nullable String name) {
    return new JobQuery(status, name, null, null, false, null);
  }

  private static void measureSubmits(Ledger ledger) {
    long[] nanos = new long[SUBMITS];
    for (int number = -WARM_UP; number < SUBMITS; number++) {
      long start = System.nanoTime();
      ledger.submit(AccountId.DEFAULT, "us-east-1", JobSpecs.named("more-to-come-" + (number + 9)));
      if (number >= 0) {
        nanos[number] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%na submit, of %d: median %.2f ms, mean %.2f ms, slowest %.1f ms%n",
        SUBMITS,
        nanos[SUBMITS / 2] / 1e6,
        Arrays.stream(nanos).average().orElseThrow() / 1e6,
        nanos[SUBMITS - 1] / 1e6);
  }

  private static void measure(Ledger ledger, String what, JobQuery query, int limit) {
    long[] nanos = new long[ROUNDS];
    int found = 0;
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long start = System.nanoTime();
      found = ledger.list(AccountId.DEFAULT, "us-east-1", query, limit).size();
      if (round >= 0) {
        nanos[round] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "| %s | %d | %.1f | %.1f |%n",
        what, Math.min(found, limit - 1), nanos[ROUNDS / 2] / 1e6, nanos[ROUNDS - 1] / 1e6);
  }
}
