package bedload.catalog;

import static bedload.catalog.SampleJobs.ACCOUNT;
import static bedload.catalog.SampleJobs.OTHER_ACCOUNT;
import static bedload.catalog.SampleJobs.SUBMITTED;
import static bedload.catalog.SampleJobs.document;
import static bedload.catalog.SampleJobs.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.database.Database;
import bedload.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A reader can go back to every state that its own account's resources ever had. */
class TimeViewsTest {
  private static final Database DATABASE = TestDatabase.create();

  @BeforeAll
  static void fill() {
    Catalog catalog = Catalog.open(DATABASE.jdbi(), ResourceTypes.builtIn());
    catalog.admit(ACCOUNT, "secret");
    catalog.admit(OTHER_ACCOUNT, "secret");
    catalog.record(observation(document(ACCOUNT, "a", "Submitted"), 10));
    catalog.record(observation(document(ACCOUNT, "a", "Submitted"), 15));
    catalog.record(observation(document(ACCOUNT, "a", "InProgress"), Map.of("team", "ml"), 20));
    Map<String, Object> moved = document(ACCOUNT, "a", "InProgress");
    moved.put("outputDataConfig", Map.of("s3OutputDataConfig", Map.of("s3Uri", "s3://other/")));
    catalog.record(observation(moved, Map.of("team", "ml"), 30));
    catalog.record(observation(document(ACCOUNT, "a", "Completed"), Map.of("team", "ml"), 40));
    catalog.record(observation(document(ACCOUNT, "b", "Failed"), 35));
    catalog.record(observation(document(OTHER_ACCOUNT, "theirs", "Failed"), 5));
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void everyVersionSaysWhenItStoodAndWhatItChanged() throws SQLException {
    assertThat(
            texts(
                """
                select concat_ws(' ', revision, extract(epoch from valid_from - '%1$s')::int,
                                 coalesce(extract(epoch from valid_to - '%1$s')::int::text, '-'),
                                 status, changed::text)
                  from aws_bedrock_model_invocation_job_history
                 where job_name = 'nightly-a'
                 order by revision
                """
                    .formatted(SUBMITTED)))
        .containsExactly(
            "1 10 20 Submitted",
            "2 20 30 InProgress {status,tags}",
            "3 30 40 InProgress {output_data_config.s3_output_data_config.s3_uri}",
            "4 40 - Completed {output_data_config.s3_output_data_config.s3_uri,status}");
  }

  @Test
  void everyMoveOfTheStatusIsAnEvent() throws SQLException {
    assertThat(
            texts(
                """
                select concat_ws(' ', job_name, coalesce(old_status, '-'), new_status, lasted)
                  from aws_bedrock_model_invocation_job_events
                 order by job_arn, at
                """))
        .containsExactly(
            "nightly-a - Submitted 00:00:10",
            "nightly-a Submitted InProgress 00:00:20",
            "nightly-a InProgress Completed",
            "nightly-b - Failed");
  }

  @Test
  void tableAsItWasHasTheRowsThatStoodAtThatMoment() throws SQLException {
    String asOf =
        "select job_name || ' ' || status from aws_bedrock_model_invocation_job_as_of('%s') order by 1";
    assertThat(texts(asOf.formatted(SUBMITTED))).isEmpty();
    assertThat(texts(asOf.formatted(SUBMITTED.plusSeconds(20))))
        .containsExactly("nightly-a InProgress");
    assertThat(texts(asOf.formatted(SUBMITTED.plusSeconds(39))))
        .containsExactly("nightly-a InProgress", "nightly-b Failed");
    assertThat(texts(asOf.formatted("infinity")))
        .containsExactly("nightly-a Completed", "nightly-b Failed");
  }

  @Test
  void sessionTurnsToAMomentAndBack() throws SQLException {
    try (Connection connection = login();
        Statement statement = connection.createStatement()) {
      String rows = "select job_name || ' ' || status from aws_bedrock_model_invocation_job";
      statement.execute("select catalog.as_of('%s')".formatted(SUBMITTED.plusSeconds(12)));
      assertThat(texts(statement, rows)).containsExactly("nightly-a Submitted");
      assertThat(texts(statement, "select count(*) from aws_bedrock_model_invocation_job_history"))
          .containsExactly("5");

      statement.execute("select catalog.as_of(null)");
      assertThat(texts(statement, rows)).hasSize(2);
    }
  }

  @Test
  void differenceOfTwoVersionsNamesTheFieldsWithBothValues() throws SQLException {
    assertThat(
            texts(
                """
                select concat_ws(' ', field, old, new)
                  from aws_bedrock_model_invocation_job_history as a
                  join aws_bedrock_model_invocation_job_history as b using (job_arn)
                 cross join catalog.difference(a, b)
                 where a.job_name = 'nightly-a'
                   and a.revision = 1
                   and b.revision = 3
                """))
        .containsExactly(
            "output_data_config.s3_output_data_config.s3_uri \"s3://out/a/\" \"s3://other/\"",
            "status \"Submitted\" \"InProgress\"",
            "tags [\"team:search\"] [\"team:ml\"]");
  }

  @Test
  void provenanceSaysWhenARowWasFirstAndLastSeen() throws SQLException {
    assertThat(
            texts(
                """
                select concat_ws(' ', region, revision, tag_map,
                                 extract(epoch from observed_at - first_seen_at)::int)
                  from aws_bedrock_model_invocation_job_provenance
                 where job_name = 'nightly-a'
                """))
        .containsExactly("us-east-1 4 {\"team\": \"ml\"} 30");
  }

  @Test
  void tablesAndColumnsCanBeAskedForWithWhatTheyMean() throws SQLException {
    assertThat(texts("select table_name from catalog.tables where description is not null"))
        .contains(
            "aws_bedrock_model_invocation_job",
            "aws_bedrock_model_invocation_job_history",
            "tables",
            "columns");
    assertThat(
            texts(
                """
                select concat_ws(' ', position, documented_type, provider_name, sensitive)
                  from catalog.columns
                 where table_name = 'aws_bedrock_model_invocation_job'
                   and column_name in ('message', 'input_data_config.s3_input_data_config.s3_uri')
                 order by column_name
                """))
        .containsExactly("4 STRING s3Uri f", "9 STRING message t");
    assertThat(texts("select column_name from catalog.columns where description is null"))
        .isEmpty();
  }

  @Test
  void readerCannotRaiseItsLimitsByAFunction() throws SQLException {
    try (Connection connection = login();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select set_config('work_mem', '9GB', false)"))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void columnMayNotBeCalledAsTheHistoryCallsAVersion() {
    String file = CatalogSchemaTest.file().replace("- name: message\n", "- name: revision\n");
    assertThatThrownBy(() -> ResourceTypes.read("changed.yaml", file))
        .isInstanceOf(SchemaFileException.class)
        .hasMessageContaining("may not be called 'revision'");
  }

  private static List<String> texts(String sql) throws SQLException {
    try (Connection connection = login();
        Statement statement = connection.createStatement()) {
      return texts(statement, sql);
    }
  }

  private static Connection login() throws SQLException {
    return DriverManager.getConnection(
        DATABASE.address().jdbcUrl(), TestReaders.role(DATABASE, ACCOUNT), "secret");
  }

  private static List<String> texts(Statement statement, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
