package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.Catalog;
import bedload.catalog.ResourceTypes;
import bedload.catalog.TestReaders;
import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobSpec;
import bedload.job.ModelInvocationType;
import bedload.job.Price;
import bedload.job.S3Uri;
import bedload.job.TokenUsage;
import bedload.ledger.Ledger;
import bedload.ledger.QueueLimits;
import bedload.ledger.QueuePlaces;
import bedload.ledger.SubmitResult;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader sees how far its own jobs are and what they used, while they run. */
class JobUsageTest {
  private static final AccountId OTHER = new AccountId("999999999999");
  private static final String FIGURES =
      """
      select concat_ws(' ', job_name, status, coalesce(total_record_count, -1), success_record_count,
                       error_record_count, coalesce(remaining_record_count, -1),
                       coalesce(input_tokens, -1), coalesce(output_tokens, -1))
        from aws_bedrock_model_invocation_job_usage
      """;

  private final Database database = TestDatabase.create();
  private final Ledger ledger = new Ledger(database.jdbi(), InstantSource.system(), new Random(1));

  @BeforeEach
  void admit() {
    Catalog catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());
    catalog.admit(AccountId.DEFAULT.value(), "secret");
    catalog.admit(OTHER.value(), "secret");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void figuresOfARunningJobAreThoseOfItsShardsAndSegments() throws SQLException {
    Job job = submit(AccountId.DEFAULT, "mine");
    assertThat(texts(FIGURES)).containsExactly("mine Submitted -1 0 0 -1 -1 -1");

    run("update ledger.job set status = 'InProgress', total = 10 where id = '%s'", job);
    run("insert into ledger.input values ('%s', 0, 's3://in/a', 'a', 9, 'e', 10)", job);
    run(
        """
        insert into ledger.shard (job_id, number, input, first_byte, end_byte, first_ordinal, records, success, error)
        values ('%1$s', 0, 0, 0, 5, 0, 5, 4, 1), ('%1$s', 1, 0, 5, 9, 5, 5, 2, 0)
        """,
        job);
    run(
        """
        insert into ledger.segment values ('%1$s', 0, 1, 0, '', 4, 1, 9, 1, 40, null, null, null),
                                          ('%1$s', 1, 1, 0, '', 2, 0, 9, 1, 20, null, null, null)
        """,
        job);
    assertThat(texts(FIGURES)).containsExactly("mine InProgress 10 6 1 3 60 -1");
  }

  @Test
  void figuresOfAJobThatHasEndedStay() throws SQLException {
    Job job = submit(AccountId.DEFAULT, "mine");
    run(
        "update ledger.job set status = 'Completed', total = 7, success = 5, error = 2, input_tokens = 70, output_tokens = 8 where id = '%s'",
        job);

    assertThat(texts(FIGURES)).containsExactly("mine Completed 7 5 2 0 70 8");
    assertThat(texts("select job_arn from aws_bedrock_model_invocation_job_usage"))
        .containsExactly(job.arn());
  }

  /** The view and {@link Price} count alike, or a bill would depend on who is asked. */
  @Test
  void theCostIsThatOfTheTokensAtThePriceThatTheJobBeganUnder() throws SQLException {
    Job job = submit(AccountId.DEFAULT, "mine");
    String cost =
        "select concat_ws(' ', cost, 'at', input_price) from aws_bedrock_model_invocation_job_usage";
    run(
        "update ledger.job set status = 'Completed', input_tokens = 70, output_tokens = 8, cache_read_tokens = 1000 where id = '%s'",
        job);
    assertThat(texts(cost)).containsExactly("at");

    run(
        "update ledger.job set input_price = 0.25, output_price = 1.25, cache_read_price = 0.025, cache_write_price = 0.3125 where id = '%s'",
        job);
    String expected =
        new Price(
                new BigDecimal("0.25"),
                new BigDecimal("1.25"),
                new BigDecimal("0.025"),
                new BigDecimal("0.3125"))
            .of(new TokenUsage(70L, 8L, 1000L, null))
            .orElseThrow()
            .stripTrailingZeros()
            .toPlainString();
    assertThat(texts(cost)).containsExactly(expected + " at 0.25");

    run("update ledger.job set output_tokens = null where id = '%s'", job);
    assertThat(texts(cost)).containsExactly("at 0.25");
  }

  @Test
  void nobodySeesTheUsageOfAnotherAccount() throws SQLException {
    submit(OTHER, "theirs");

    assertThat(texts(FIGURES)).isEmpty();
    assertThat(
            texts(
                FIGURES
                    + " where 1 / (case when account_id = '999999999999' then 0 else 1 end) = 1"))
        .isEmpty();
  }

  @Test
  void linesForWhichAnOwnJobWasRefusedAreRows() throws SQLException {
    for (AccountId account : List.of(AccountId.DEFAULT, OTHER)) {
      run(
          "insert into ledger.input_fault (job_id, number, uri, line, column_byte, rule, found)"
              + " values ('%s', 0, 's3://in/a', 7, 1, 'a JSON object', '[1]')",
          submit(account, "of-" + account.value()));
    }

    assertThat(
            texts(
                """
                select concat_ws(' ', job_name, uri, line, rule, found)
                  from aws_bedrock_model_invocation_job_input_faults
                """))
        .containsExactly("of-000000000000 s3://in/a 7 a JSON object [1]");
  }

  @Test
  void onlyOwnJobsThatHaveNotEndedStandInTheQueue() throws SQLException {
    Job waits = submit(AccountId.DEFAULT, "waits");
    Job ended = submit(AccountId.DEFAULT, "ended");
    submit(AccountId.DEFAULT, "new");
    Job theirs = submit(OTHER, "theirs");
    run("update ledger.job set status = 'Completed' where id = '%s'", ended);
    for (Job job : List.of(waits, theirs)) {
      run("update ledger.job set status = 'Scheduled', total = 7 where id = '%s'", job);
    }
    new QueuePlaces(database.jdbi(), InstantSource.system()).reckon(new QueueLimits(1, 1));

    assertThat(
            texts(
                """
                select concat_ws(' ', job_name, status, coalesce(position, -1), coalesce(ahead_record_count, -1),
                                 coalesce(total_record_count, -1), estimated_start is not null,
                                 estimated_end is not null)
                  from aws_bedrock_model_invocation_job_queue
                 order by job_name
                """))
        .containsExactly("new Submitted -1 -1 -1 f f", "waits Scheduled 1 0 7 t f");
  }

  @Test
  void recordsOfAnOwnJobThatFailedAreRows() throws SQLException {
    for (AccountId account : List.of(AccountId.DEFAULT, OTHER)) {
      Job job = submit(account, "of-" + account.value());
      run("insert into ledger.input values ('%s', 0, 's3://in/a', 'a', 9, 'e', 10)", job);
      run(
          "insert into ledger.record_error values ('%s', 0, 7, 'r7', 429, 'busy', null, now())",
          job);
      run("insert into ledger.record_error_count values ('%s', 429, 31)", job);
    }

    assertThat(
            texts(
                """
                select concat_ws(' ', job_name, record_id, uri, line, code, message, attempts)
                  from aws_bedrock_model_invocation_job_errors
                """))
        .containsExactly("of-000000000000 r7 s3://in/a 7 429 busy");
    assertThat(
            texts(
                """
                select concat_ws(' ', job_name, code, record_count)
                  from aws_bedrock_model_invocation_job_error_counts
                """))
        .containsExactly("of-000000000000 429 31");
  }

  private Job submit(AccountId account, String name) {
    JobSpec spec =
        new JobSpec(
            name,
            "arn:aws:iam::000000000000:role/batch",
            "amazon.titan-embed-text-v2:0",
            ModelInvocationType.INVOKE_MODEL,
            new JobSpec.Input(S3Uri.parse("s3://in/records.jsonl"), null, account),
            new JobSpec.Output(S3Uri.parse("s3://out/"), null, account),
            null,
            null,
            Duration.ofHours(24),
            Map.of());
    return ((SubmitResult.Submitted) ledger.submit(account, "us-east-1", spec)).job();
  }

  private void run(String sql, Job job) {
    database.jdbi().useHandle(handle -> handle.execute(sql.formatted(job.id().value())));
  }

  private List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                database.address().jdbcUrl(),
                TestReaders.role(database, AccountId.DEFAULT.value()),
                "secret");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
