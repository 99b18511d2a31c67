package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user's way from a file to results with the clients that they have, against the service as it is
 * shipped.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoryTest {
  @TempDir static Path folder;
  private ChildProcess modelServer;
  private ServiceProcess service;

  @BeforeAll
  void start() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path errors = folder.resolve("errors.log");
    modelServer =
        ChildProcess.start(errors, "bedload.model.TestModelServer", "--delay-ms", "500..1500");
    String port = modelServer.awaitLine(line -> line.startsWith("listening ")).split(" ")[1];
    Path settings =
        Files.writeString(
            folder.resolve("bedload.yaml"),
            """
            models:
              - id: acme.slow-chat
                url: http://127.0.0.1:%s/v1
                served: tiny
                family: openai-chat
                max-in-flight: 100
              - id: amazon.titan-embed-text-v2:0
                backend: in-process-embedding
            """
                .formatted(port));
    service = ServiceProcess.start(folder.resolve("data"), errors, "--config", settings.toString());
  }

  @AfterAll
  void stop() {
    assertThat(service.terminate()).as("exit status after SIGTERM").isZero();
    modelServer.close();
  }

  @Test
  void theAwsCliAloneTakesAFileToItsResultsAndStopsAJob() throws Exception {
    Needs.command("aws");

    String said = run("bash", "src/test/resources/bedload/aws_story.sh");

    assertThat(said)
        .contains("created arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/")
        .contains("lines 100")
        .contains(
            "manifest {\"totalRecordCount\":100,\"processedRecordCount\":100,\"successRecordCount\":100")
        .containsPattern("stopped \\{\"totalRecordCount\":3000,\"processedRecordCount\":[1-9]")
        .contains("ValidationException", "State was: Stopped");
  }

  @Test
  void boto3AloneDoesTheSame() throws Exception {
    String said = run(Needs.pythonWith("boto3"), "src/test/resources/bedload/boto3_story.py");

    assertThat(said)
        .contains("in order True", "dimensions {384}", "listed True", "partial True")
        .contains("refused", "State was: Stopped");
  }

  @Test
  void psqlReadsTheCatalogByTheUrlThatTheServiceGives() throws Exception {
    Needs.command("psql");

    String said =
        runPlain(
            Map.of(),
            "psql",
            service.service().sql(),
            "-c",
            "select job_name, status, (input_data_config).s3_input_data_config.s3_uri from aws_bedrock_model_invocation_job");

    assertThat(said).contains("job_name", "s3_uri");
  }

  @Test
  void psycopgReadsItAsAProgramWould() throws Exception {
    String said =
        runPlain(
            Map.of(),
            Needs.pythonWith("psycopg2"),
            "src/test/resources/bedload/psycopg_story.py",
            service.service().sql());

    assertThat(said)
        .contains("columns ['job_name', 'status', 'submit_time', 'tags', 'uri']")
        .contains("zoned True", "streamed True")
        .contains("refused InsufficientPrivilege");
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(folder, "work-");
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(work.toString(), "acme.slow-chat"));
    RunningService target = service.service();
    return runPlain(
        Map.of(
            "AWS_ENDPOINT_URL_BEDROCK", target.api(),
            "AWS_ENDPOINT_URL_S3", target.s3(),
            "AWS_ACCESS_KEY_ID", target.accessKeyId(),
            "AWS_SECRET_ACCESS_KEY", target.secretAccessKey(),
            "AWS_REGION", target.region(),
            "AWS_DEFAULT_REGION", target.region(),
            "AWS_EC2_METADATA_DISABLED", "true"),
        all.toArray(String[]::new));
  }

  private static String runPlain(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.println(said);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
