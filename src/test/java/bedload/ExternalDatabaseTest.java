package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.DatabaseAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The service on a PostgreSQL that it did not bring. */
@Tag("slow")
class ExternalDatabaseTest {
  @TempDir Path folder;

  @Test
  void aJobRunsToItsRowOnAnOperatorsDatabase() throws Exception {
    Path programs = Needs.present("a PostgreSQL server", DebianPostgres.programs());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path data = folder.resolve("data");
    try (DebianPostgres postgres = DebianPostgres.start(programs, folder.resolve("pg"));
        ServiceProcess service =
            ServiceProcess.start(
                data, folder.resolve("errors.log"), "--database-url", postgres.url());
        S3Client s3 = service.s3();
        BedrockClient bedrock = service.bedrock()) {
      assertThat(data.resolve("postgres")).doesNotExist();
      s3.createBucket(bucket -> bucket.bucket("external"));
      s3.putObject(
          put -> put.bucket("external").key("in.jsonl"),
          RequestBody.fromString("{\"modelInput\":{\"inputText\":\"one record\"}}\n"));
      String arn =
          bedrock
              .createModelInvocationJob(
                  job ->
                      job.jobName("external")
                          .modelId("amazon.titan-embed-text-v2:0")
                          .roleArn("arn:aws:iam::000000000000:role/any")
                          .inputDataConfig(
                              in ->
                                  in.s3InputDataConfig(
                                      s3In -> s3In.s3Uri("s3://external/in.jsonl")))
                          .outputDataConfig(
                              out ->
                                  out.s3OutputDataConfig(
                                      s3Out -> s3Out.s3Uri("s3://external/out/"))))
              .jobArn();

      DatabaseAddress reader = DatabaseAddress.parse(service.service().sql());
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(status(reader, arn)).isEqualTo("Completed"));
    }
  }

  private static String status(DatabaseAddress reader, String arn) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(reader.jdbcUrl(), reader.user(), reader.password());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select status from aws_bedrock_model_invocation_job where job_arn = '"
                    + arn
                    + "'")) {
      return rows.next() ? rows.getString(1) : "no row yet";
    }
  }
}
