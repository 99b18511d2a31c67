package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The promise of the whole: kill everything at once, start again, and nothing is lost, doubled or
 * paid for anew.
 */
@Tag("slow")
class KillTest {
  private static final int RECORDS = 5_000;

  private static final int MOST_IN_FLIGHT = 100;

  @TempDir Path folder;

  @Test
  void aKillOfTheWholeProcessTreeInTheMiddleOfAJobLosesNothingAndRepeatsOnlyWhatWasInFlight()
      throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path data = folder.resolve("data");
    Path errors = folder.resolve("errors.log");
    Path serverLog = folder.resolve("calls.log");
    try (ChildProcess modelServer =
        ChildProcess.start(
            errors,
            "bedload.model.TestModelServer",
            "--log",
            serverLog.toString(),
            "--delay-ms",
            "100..400")) {
      String port = modelServer.awaitLine(line -> line.startsWith("listening ")).split(" ")[1];
      Path settings =
          Files.writeString(
              folder.resolve("bedload.yaml"),
              """
              models:
                - id: acme.chat
                  url: http://127.0.0.1:%s/v1
                  served: tiny
                  family: openai-chat
                  max-in-flight: %d
              """
                  .formatted(port, MOST_IN_FLIGHT));

      ServiceProcess first = ServiceProcess.start(data, errors, "--config", settings.toString());
      String arn = submit(first);
      awaitFinished(serverLog, RECORDS / 4);
      first.killTree();
      long finishedBeforeFirstKill = CallAudit.finished(serverLog);

      ServiceProcess second = ServiceProcess.start(data, errors, "--config", settings.toString());
      awaitFinished(serverLog, finishedBeforeFirstKill + RECORDS / 4);
      second.killTree();
      long finishedBeforeSecondKill = CallAudit.finished(serverLog);

      try (ServiceProcess third =
          ServiceProcess.start(data, errors, "--config", settings.toString())) {
        awaitCompleted(third, arn);
        CallAudit audit = CallAudit.of(serverLog, output(third, arn), 0, RECORDS);
        System.out.printf(
            "kill -9 of the whole tree after %d and %d of %d answers: %s%n",
            finishedBeforeFirstKill, finishedBeforeSecondKill, RECORDS, audit);

        assertThat(finishedBeforeSecondKill).isLessThan(RECORDS);
        assertThat(audit.lost()).isZero();
        assertThat(audit.doubled()).isZero();
        assertThat(audit.wrong()).isZero();
        // No more than was in flight at each kill: whatever left flight before had reached the
        // journal.
        assertThat(audit.repeats()).isLessThanOrEqualTo(2 * MOST_IN_FLIGHT);
      }
    }
  }

  private static String submit(ServiceProcess service) {
    String input =
        IntStream.range(0, RECORDS)
            .mapToObj(CallAudit::id)
            .map(CallAudit::chatRecord)
            .collect(Collectors.joining());
    try (S3Client s3 = service.s3();
        BedrockClient bedrock = service.bedrock()) {
      s3.createBucket(bucket -> bucket.bucket("killed"));
      s3.putObject(
          put -> put.bucket("killed").key("in/records.jsonl"), RequestBody.fromString(input));
      return bedrock
          .createModelInvocationJob(
              job ->
                  job.jobName("killed")
                      .modelId("acme.chat")
                      .roleArn("arn:aws:iam::000000000000:role/any")
                      .inputDataConfig(
                          in ->
                              in.s3InputDataConfig(
                                  s3In -> s3In.s3Uri("s3://killed/in/records.jsonl")))
                      .outputDataConfig(
                          out -> out.s3OutputDataConfig(s3Out -> s3Out.s3Uri("s3://killed/out/"))))
          .jobArn();
    }
  }

  private static void awaitFinished(Path serverLog, long count) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.exists(serverLog) && CallAudit.finished(serverLog) >= count);
  }

  private static void awaitCompleted(ServiceProcess service, String arn) {
    try (BedrockClient bedrock = service.bedrock()) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () ->
                  bedrock
                      .getModelInvocationJob(get -> get.jobIdentifier(arn))
                      .statusAsString()
                      .equals("Completed"));
    }
  }

  private static List<String> output(ServiceProcess service, String arn) throws IOException {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    try (S3Client s3 = service.s3();
        var bytes =
            s3.getObject(get -> get.bucket("killed").key("out/" + id + "/records.jsonl.out"))) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
