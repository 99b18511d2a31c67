package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.JobId;
import bedload.job.JobStatus;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A list never reads all jobs: PostgreSQL is asked how it would go about each filter. */
class JobListPlanTest {
  private static final int JOBS = 50_000;
  private static final Instant MIDDLE = Instant.parse("2026-01-03T00:00:00Z");

  private static Database database;

  @BeforeAll
  static void fill() {
    database = TestDatabase.create();
    ManyJobs.fill(database, JOBS);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  record Case(String name, JobQuery query, String index) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    JobQuery.Position nearTheEnd =
        new JobQuery.Position(Instant.parse("2026-01-01T00:15:00Z"), new JobId("000000000000"));
    return Stream.of(
        new Case("all", JobQuery.ALL, "job_list"),
        new Case("oldest first", new JobQuery(null, null, null, null, true, null), "job_list"),
        new Case("last page", new JobQuery(null, null, null, null, false, nearTheEnd), "job_list"),
        new Case("status", query(JobStatus.FAILED, null), "job_of_status"),
        new Case("rare status", query(JobStatus.STOPPED, null), "job_of_status"),
        new Case("common name", query(null, "nightly"), "job_list"),
        new Case("rare name", query(null, "weekly-1"), "name_page_pkey"),
        new Case("rare name, oldest first", ascending("weekly-4"), "name_page_pkey"),
        new Case("name of one", query(null, "nightly-12345"), "name_page_pkey"),
        new Case("no name", query(null, "absent"), "name_page_pkey"),
        new Case("short part of a name", query(null, "zq"), "name_page_pkey"),
        new Case("name and status", query(JobStatus.COMPLETED, "zq"), "name_page_pkey"),
        new Case("name and rare status", query(JobStatus.STOPPED, "zq"), "job_of_status"),
        new Case("since", new JobQuery(null, null, MIDDLE, null, true, null), "job_list"),
        new Case("until", new JobQuery(null, null, null, MIDDLE, false, null), "job_list"));
  }

  private static JobQuery query(@Nullable JobStatus status, @Nullable String name) {
    return new JobQuery(status, name, null, null, false, null);
  }

  private static JobQuery ascending(String name) {
    return new JobQuery(null, name, null, null, true, null);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPageComesFromIndexes(Case of) throws SQLException {
    List<String> plans =
        StatementLog.of(
                database.jdbi(),
                jdbi ->
                    new Ledger(jdbi, Instant::now, new Random(1))
                        .list(AccountId.DEFAULT, "us-east-1", of.query(), 101))
            .explain();

    assertThat(plans).isNotEmpty();
    assertThat(plans).noneMatch(line -> line.contains("Seq Scan on job"));
    assertThat(plans).noneMatch(line -> line.contains("Seq Scan on name_page"));
    assertThat(plans).anyMatch(line -> line.contains(of.index() + " "));
  }
}
