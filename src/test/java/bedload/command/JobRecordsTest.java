package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.RunningService;
import bedload.command.ServedCommands.Outcome;
import bedload.job.AccountId;
import bedload.job.S3Uri;
import bedload.object.ObjectStore;
import bedload.object.ObjectStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import tools.jackson.databind.JsonNode;

/** A job's records are rows for any PostgreSQL client, read from the output when it asks. */
class JobRecordsTest {
  private static final int RECORDS = 30;

  @TempDir private static Path folder;
  private static ServedCommands service;
  private static String arn = "";

  @BeforeAll
  static void runOneJob() throws IOException {
    service =
        ServedCommands.start(
            """
            models:
              - id: amazon.titan-embed-text-v2:0
                backend: in-process-embedding
              - id: bedload.echo
                backend: echo
            """);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      String member = i % 3 == 2 ? "\"number\": 1.50e2" : "\"inputText\": \"sentence\"";
      lines.append("{\"recordId\": \"r%03d\", \"modelInput\": {%s}}\n".formatted(i, member));
    }
    arn = run("amazon.titan-embed-text-v2:0", "some.jsonl", lines.toString());
  }

  private static String run(String model, String name, String lines) throws IOException {
    Outcome run =
        service.runHere(
            "run",
            Files.writeString(folder.resolve(name), lines).toString(),
            "--model",
            model,
            "--output",
            folder.resolve("of-" + name).toString());
    assertThat(run.err()).contains("Created ");
    return run.arn();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static JsonNode rows(String sql) {
    Outcome answer = service.runHere("sql", "--json", sql.replace("ARN", arn));
    assertThat(answer.err()).isEmpty();
    return answer.json();
  }

  private static String refusal(String sql) {
    return service.runHere("sql", sql.replace("ARN", arn)).err();
  }

  @Test
  void everyRecordIsARowInTheOrderOfTheOutput() {
    JsonNode counts =
        rows(
            """
            select count(*) as records, count(model_output) as answered, count(error_code) as failed,
                   string_agg(record_id, ',' order by record_number) filter (where record_number < 4) as first,
                   min(jsonb_array_length(model_output -> 'embedding')) as dimensions,
                   min(error_code) as code, max(output_uri) like '%.jsonl.out' as has_output
              from aws_bedrock_model_invocation_job_records('ARN')
            """);
    assertThat(counts.get(0).toString())
        .isEqualTo(
            "{\"records\":30,\"answered\":20,\"failed\":10,\"first\":\"r000,r001,r002\",\"dimensions\":384,\"code\":400,\"has_output\":true}");
  }

  @Test
  void recordsStandBesideTheirJobAndAPartCanBeAskedFor() {
    assertThat(
            rows("""
            select job.job_name <> '' as named, part.record_number, part.record_id
              from aws_bedrock_model_invocation_job as job
             cross join lateral aws_bedrock_model_invocation_job_records(job.job_arn, 7, 8) as part
             where job.job_arn = 'ARN'
             order by 2
            """)
                .toString())
        .isEqualTo(
            "[{\"named\":true,\"record_number\":7,\"record_id\":\"r006\"},{\"named\":true,\"record_number\":8,\"record_id\":\"r007\"}]");
  }

  @Test
  void whatJsonbHasNoPlaceForIsReplaced() throws IOException {
    String odd =
        run(
            "bedload.echo",
            "odd.jsonl",
            "{\"modelInput\": {\"odd\": \"\\u0000\\ud83d\\\\u0000\"}}\n");
    assertThat(
            rows("select model_input ->> 'odd' as odd from aws_bedrock_model_invocation_job_records('%s')"
                    .formatted(odd))
                .get(0)
                .get("odd")
                .asString())
        .isEqualTo("\ufffd\ufffd\\u0000");
  }

  @Test
  void anyPostgresClientAsksThemInATransactionThatOnlyReads() throws SQLException {
    try (Connection connection = DriverManager.getConnection(service.wiring().service().jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute("set application_name to 'a dashboard'");
      try (ResultSet rows =
          statement.executeQuery(
              "select count(*), current_setting('application_name') from aws_bedrock_model_invocation_job_records('%s')"
                  .formatted(arn.substring(arn.length() - 12)))) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(RECORDS);
        assertThat(rows.getString(2)).isEqualTo("a dashboard");
      }
    }
  }

  @Test
  void maskedReaderSeesWhichRecordsThereAreAndNothingOfThem() {
    Outcome masked =
        service.runHere(
            "sql",
            "--masked",
            "--json",
            "select distinct model_input, model_output, error_message from aws_bedrock_model_invocation_job_records('%s') where error_code is null or error_code = 400 order by 2"
                .formatted(arn));
    assertThat(masked.json().toString())
        .isEqualTo(
            "[{\"model_input\":\"(masked)\",\"model_output\":\"(masked)\",\"error_message\":null},{\"model_input\":\"(masked)\",\"model_output\":null,\"error_message\":\"(masked)\"}]");
  }

  @Test
  void whatCannotBeAskedForIsSaid() throws SQLException {
    assertThat(refusal("select * from aws_bedrock_model_invocation_job_records('nothing')"))
        .contains("No job of this service that you may see is called 'nothing'");
    assertThat(refusal("select * from aws_bedrock_model_invocation_job_records('ARN', 1, 100001)"))
        .contains("100000 can be asked for at once", "1, 50000");
    assertThat(refusal("select * from aws_bedrock_model_invocation_job_records('ARN', 0, 5)"))
        .contains("can be asked for at once");
    try (Connection connection =
        DriverManager.getConnection(service.wiring().service().jdbcUrl())) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      assertThatThrownBy(
              () -> {
                try (Statement statement = connection.createStatement()) {
                  statement.executeQuery(
                      "select * from aws_bedrock_model_invocation_job_records('%s', 1, 99999)"
                          .formatted(arn));
                }
              })
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("isolation read committed");
    }
  }

  @Test
  void outputThatIsGoneIsSaidAndNotShownAsNoRecords() throws IOException {
    String gone = run("bedload.echo", "gone.jsonl", "{\"modelInput\":{\"a\":1}}\n");
    String folder =
        rows("select output_data_config.s3_output_data_config.s3_uri as uri from aws_bedrock_model_invocation_job where job_arn = '%s'"
                .formatted(gone))
            .get(0)
            .get("uri")
            .asString();
    S3Uri output = S3Uri.parse(folder).resolve(gone.substring(gone.length() - 12) + "/");
    RunningService here = service.wiring().service();
    try (ObjectStores stores =
        new ObjectStores(
            URI.create(here.s3()),
            here.region(),
            _ ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(here.accessKeyId(), here.secretAccessKey())))) {
      ObjectStore store = stores.of(AccountId.DEFAULT);
      store.list(output).forEach(object -> store.delete(object.uri()));
    }

    assertThat(
            refusal("select * from aws_bedrock_model_invocation_job_records('%s')".formatted(gone)))
        .contains("The output of job", "the job wrote 1 records", "there are 0");
  }
}
