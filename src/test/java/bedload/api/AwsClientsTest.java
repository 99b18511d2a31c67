package bedload.api;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.Needs;
import bedload.wire.AccessKey;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** AWS's clients for Python and for the shell, which sign and encode in ways of their own. */
class AwsClientsTest {
  private static TestService service;

  private final AccessKey key = TestService.newKey();

  @BeforeAll
  static void start() {
    service = new TestService();
    service.clock.set(Instant.parse("2026-03-03T22:57:41.101Z"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void boto3CallsEveryOperation() throws URISyntaxException {
    URL script = Objects.requireNonNull(getClass().getResource("boto3_calls.py"));

    CommandLineClient.Result result =
        new CommandLineClient(Map.of())
            .run(
                Needs.pythonWith("boto3"),
                Path.of(script.toURI()).toString(),
                service.url(),
                TestService.REGION,
                key.accessKeyId(),
                key.secret(),
                TestService.MODEL,
                key.account());

    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode seen = result.json();
    assertThat(seen.get("httpStatus").intValue()).isEqualTo(200);
    assertThat(seen.get("requestId").stringValue()).hasSize(36);
    assertThat(seen.get("type").stringValue()).isEqualTo("Converse");
    assertThat(seen.get("counts")).hasToString("[0,0,0,0]");
    assertThat(seen.get("submitTime").stringValue()).startsWith("2026-03-03T22:57:41.101");
    assertThat(seen.get("sameJob").booleanValue()).isTrue();
    assertThat(seen.get("names").valueStream().map(JsonNode::stringValue))
        .containsExactlyInAnyOrder("boto-1", "boto-2+x.y");
    assertThat(seen.get("statusAfterStop").stringValue()).isEqualTo("Stopping");
    assertThat(seen.get("takenName").get(0).stringValue()).isEqualTo("ConflictException");
    assertThat(seen.get("badName").get(0).stringValue()).isEqualTo("ValidationException");
    assertThat(seen.get("unknownJob").get(0).stringValue()).isEqualTo("ResourceNotFoundException");
  }

  @Test
  void awsCliCreatesGetsListsAndStops() {
    Needs.command("aws");
    CommandLineClient aws =
        new CommandLineClient(
            Map.of(
                "AWS_ENDPOINT_URL_BEDROCK", service.url(),
                "AWS_DEFAULT_REGION", TestService.REGION,
                "AWS_ACCESS_KEY_ID", key.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", key.secret()));

    String arn = createByCli(aws);

    CommandLineClient.Result got =
        aws.run("aws", "bedrock", "get-model-invocation-job", "--job-identifier", arn);
    assertThat(got.json().get("status").stringValue()).isEqualTo("Submitted");
    CommandLineClient.Result listed =
        aws.run(
            "aws",
            "bedrock",
            "list-model-invocation-jobs",
            "--status-equals",
            "Submitted",
            "--submit-time-after",
            "2026-03-03T23:57:41+01:00");
    assertThat(listed.json().get("invocationJobSummaries")).hasSize(1);
    assertThat(
            aws.run("aws", "bedrock", "stop-model-invocation-job", "--job-identifier", arn)
                .exitCode())
        .isZero();
    CommandLineClient.Result unknown =
        aws.run("aws", "bedrock", "get-model-invocation-job", "--job-identifier", "000000000000");
    assertThat(unknown.exitCode()).isNotZero();
    assertThat(unknown.err()).contains("ResourceNotFoundException");
  }

  @Test
  void awsCliMayComeWithABearerKey() {
    Needs.command("aws");
    CommandLineClient aws =
        new CommandLineClient(
            Map.of(
                "AWS_ENDPOINT_URL_BEDROCK", service.url(),
                "AWS_DEFAULT_REGION", TestService.REGION,
                "AWS_BEARER_TOKEN_BEDROCK", KeysByName.bearerOf(key.account())));

    assertThat(createByCli(aws)).contains(key.account());
  }

  @Test
  void curlSignsItselfForACallByHand() {
    Needs.command("curl");

    CommandLineClient.Result created =
        curl(
            "/model-invocation-job",
            """
            {"jobName": "by-hand", "roleArn": "arn:aws:iam::%s:role/batch", "modelId": "%s",
             "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://bkt-in/x.jsonl"}},
             "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://bkt-out/p/"}}}
            """
                .formatted(key.account(), TestService.MODEL));

    String arn = created.json().get("jobArn").stringValue();
    // By its id: curl signs the colons of an ARN as they are, which SigV4 does not allow.
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    assertThat(curl("/model-invocation-job/" + id + "/stop", "").out()).isEqualTo("{}");
  }

  private CommandLineClient.Result curl(String path, String body) {
    return new CommandLineClient(Map.of())
        .run(
            "curl",
            "--silent",
            "--aws-sigv4",
            "aws:amz:us-east-1:bedrock",
            "--user",
            key.accessKeyId() + ":" + key.secret(),
            "--header",
            "Content-Type: application/json",
            "--data",
            body,
            service.url() + path);
  }

  private String createByCli(CommandLineClient aws) {
    CommandLineClient.Result created =
        aws.run(
            "aws",
            "bedrock",
            "create-model-invocation-job",
            "--job-name",
            "from-the-shell",
            "--role-arn",
            "arn:aws:iam::" + key.account() + ":role/batch",
            "--model-id",
            TestService.MODEL,
            "--input-data-config",
            "s3InputDataConfig={s3Uri=s3://bkt-in/x.jsonl}",
            "--output-data-config",
            "s3OutputDataConfig={s3Uri=s3://bkt-out/p/}");
    assertThat(created.exitCode()).as(created.err()).isZero();
    return created.json().get("jobArn").stringValue();
  }
}
