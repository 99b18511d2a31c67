package bedload.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Scenarios about one job. */
final class JobStories {
  private JobStories() {}

  static void createWithEverythingSet(Stage stage) {
    String account = stage.service().account();
    ObjectNode request = stage.request("all", Stage.ECHO_MODEL);
    request.setAll(
        Stage.json(
            """
            {"clientRequestToken": "%1$stoken",
             "inputDataConfig": {"s3InputDataConfig":
               {"s3Uri": "s3://conformance/none/", "s3InputFormat": "JSONL", "s3BucketOwner": "%2$s"}},
             "outputDataConfig": {"s3OutputDataConfig":
               {"s3Uri": "s3://conformance/out/", "s3EncryptionKeyId": "alias/key", "s3BucketOwner": "%2$s"}},
             "vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1", "sg-2"]},
             "timeoutDurationInHours": 168,
             "modelInvocationType": "Converse",
             "tags": [{"key": "team", "value": "search"}]}
            """
                .formatted(stage.prefix(), account)));

    String arn = stage.create(request);
    JsonNode job = stage.get(arn);

    assertThat(job.get("jobArn").stringValue()).isEqualTo(arn);
    for (String echoed :
        new String[] {
          "jobName",
          "roleArn",
          "clientRequestToken",
          "inputDataConfig",
          "outputDataConfig",
          "vpcConfig",
          "timeoutDurationInHours"
        }) {
      assertThat(job.get(echoed)).as(echoed).isEqualTo(request.get(echoed));
    }
    assertThat(job.get("modelId").stringValue()).endsWith("::foundation-model/bedload.echo");
    Instant submitted = Instant.parse(job.get("submitTime").stringValue());
    assertThat(Instant.parse(job.get("jobExpirationTime").stringValue()))
        .isEqualTo(submitted.plus(Duration.ofDays(7)));
    if (stage.kind().knowsNewMembers()) {
      assertThat(job.get("modelInvocationType").stringValue()).isEqualTo("Converse");
      assertThat(job.get("totalRecordCount").intValue()).isZero();
      assertThat(job.get("processedRecordCount").intValue()).isZero();
      assertThat(job.get("successRecordCount").intValue()).isZero();
      assertThat(job.get("errorRecordCount").intValue()).isZero();
    }
  }

  static void getByArnAndById(Stage stage) {
    String arn = stage.create(stage.request("get", Stage.ECHO_MODEL));

    assertThat(stage.get(arn).get("jobArn").stringValue()).isEqualTo(arn);
    assertThat(stage.get(arn.substring(arn.lastIndexOf('/') + 1)).get("jobArn").stringValue())
        .isEqualTo(arn);
  }

  static void repeatOfAToken(Stage stage) {
    ObjectNode request =
        stage.request("once", Stage.ECHO_MODEL).put("clientRequestToken", stage.prefix() + "token");

    assertThat(stage.create(request)).isEqualTo(stage.create(request));
  }

  static void anotherRequestUnderAToken(Stage stage) {
    ObjectNode request =
        stage.request("one", Stage.ECHO_MODEL).put("clientRequestToken", stage.prefix() + "token");
    stage.create(request);

    stage.fault(
        "ConflictException",
        "CreateModelInvocationJob",
        request.put("timeoutDurationInHours", 100));
  }

  static void nameInUse(Stage stage) {
    ObjectNode request = stage.request("same", Stage.SILENT_MODEL);
    String arn = stage.create(request);

    AwsClient.Outcome.Fault fault =
        stage.fault("ConflictException", "CreateModelInvocationJob", request);

    assertThat(fault.message()).contains("The provided job name is currently in use");
    stage.output("StopModelInvocationJob", Stage.member("jobIdentifier", arn));
  }

  static void requestThatBreaksRules(Stage stage) {
    ObjectNode request = stage.request("_", Stage.ECHO_MODEL).put("timeoutDurationInHours", 169);

    AwsClient.Outcome.Fault fault =
        stage.fault("ValidationException", "CreateModelInvocationJob", request);

    assertThat(fault.message())
        .contains("2 validation errors detected")
        .contains("at 'jobName' failed to satisfy constraint")
        .contains("at 'timeoutDurationInHours' failed to satisfy constraint");
  }

  static void roleOfAnotherAccount(Stage stage) {
    ObjectNode request =
        stage
            .request("role", Stage.ECHO_MODEL)
            .put("roleArn", "arn:aws:iam::210987654321:role/batch");

    AwsClient.Outcome.Fault fault =
        stage.fault("AccessDeniedException", "CreateModelInvocationJob", request);

    assertThat(fault.message()).contains("Cross-account pass role is not allowed");
  }

  static void unknownJob(Stage stage) {
    ObjectNode unknown =
        Stage.member(
            "jobIdentifier",
            "arn:aws:bedrock:%s:%s:model-invocation-job/000000000000"
                .formatted(stage.service().region(), stage.service().account()));

    stage.fault("ResourceNotFoundException", "GetModelInvocationJob", unknown);
    stage.fault("ResourceNotFoundException", "StopModelInvocationJob", unknown);
    stage.fault(
        "ValidationException", "GetModelInvocationJob", Stage.member("jobIdentifier", "not a job"));
  }

  static void stop(Stage stage) {
    String arn = stage.create(stage.request("stop", Stage.SILENT_MODEL));
    stage.await(arn, "InProgress");
    ObjectNode job = Stage.member("jobIdentifier", arn);

    assertThat(stage.output("StopModelInvocationJob", job)).isEmpty();
    assertThat(stage.get(arn).get("status").stringValue()).isIn("Stopping", "Stopped");
    stage.await(arn, "Stopped");

    JsonNode stopped = stage.get(arn);
    assertThat(stopped.get("status").stringValue()).isEqualTo("Stopped");
    assertThat(stopped.get("endTime").stringValue()).isNotEmpty();
  }

  static void stopOfAnEndedJob(Stage stage) {
    String arn = stage.create(stage.request("end", Stage.ECHO_MODEL));
    stage.await(arn, "Completed");

    AwsClient.Outcome.Fault fault =
        stage.fault(
            "ValidationException", "StopModelInvocationJob", Stage.member("jobIdentifier", arn));

    assertThat(fault.message()).contains("State was: Completed");
  }
}
