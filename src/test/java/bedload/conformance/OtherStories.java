package bedload.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Scenarios about tags, models, errors and the network. */
final class OtherStories {
  private OtherStories() {}

  static void tags(Stage stage) {
    ObjectNode request = stage.request("tags", Stage.ECHO_MODEL);
    request.set("tags", Stage.json("{\"t\": [{\"key\": \"a b\", \"value\": \"c:d\"}]}").get("t"));
    String arn = stage.create(request);
    stage.await(arn, "Completed");

    stage.output("TagResource", tagging(arn, "{\"key\": \"a b\", \"value\": \"new\"}"));
    stage.output("TagResource", tagging(arn, "{\"key\": \"team\", \"value\": \"\"}"));
    assertThat(listed(stage, arn)).isEqualTo("a b=new,team=");
    stage.output(
        "UntagResource",
        Stage.json("{\"resourceARN\": \"%s\", \"tagKeys\": [\"a b\", \"none\"]}".formatted(arn)));
    assertThat(listed(stage, arn)).isEqualTo("team=");
    stage.fault(
        "ResourceNotFoundException",
        "ListTagsForResource",
        Stage.member("resourceARN", arn.substring(0, arn.length() - 12) + "000000000000"));
  }

  private static ObjectNode tagging(String arn, String tags) {
    return Stage.json("{\"resourceARN\": \"%s\", \"tags\": [%s]}".formatted(arn, tags));
  }

  private static String listed(Stage stage, String arn) {
    return stage
        .output("ListTagsForResource", Stage.member("resourceARN", arn))
        .get("tags")
        .valueStream()
        .map(tag -> tag.get("key").stringValue() + "=" + tag.get("value").stringValue())
        .collect(Collectors.joining(","));
  }

  static void tooManyTags(Stage stage) {
    String arn = stage.create(stage.request("many", Stage.ECHO_MODEL));
    String tags =
        IntStream.rangeClosed(0, 50)
            .mapToObj(number -> "{\"key\": \"key-%d\", \"value\": \"\"}".formatted(number))
            .collect(Collectors.joining(","));

    AwsClient.Outcome.Fault fault =
        stage.fault("TooManyTagsException", "TagResource", tagging(arn, tags));

    if (stage.kind() != ClientKind.CLI) {
      assertThat(fault.members().get("resourceName").stringValue()).isEqualTo(arn);
    }
    assertThat(listed(stage, arn)).isEmpty();
  }

  static void models(Stage stage) {
    JsonNode texts = stage.output("ListFoundationModels", Stage.member("byOutputModality", "TEXT"));
    assertThat(
            texts
                .get("modelSummaries")
                .valueStream()
                .map(model -> model.get("modelId").stringValue()))
        .containsExactly(Stage.SILENT_MODEL, Stage.ECHO_MODEL);
    JsonNode model =
        stage.output("GetFoundationModel", Stage.member("modelIdentifier", Stage.ECHO_MODEL));
    assertThat(model.get("modelDetails").get("modelLifecycle").get("status").stringValue())
        .isEqualTo("ACTIVE");
    stage.fault(
        "ResourceNotFoundException",
        "GetFoundationModel",
        Stage.member("modelIdentifier", "amazon.nova-pro-v1:0"));
    stage.fault(
        "ValidationException", "ListFoundationModels", Stage.member("byOutputModality", "SMELL"));
  }

  static void inferenceProfiles(Stage stage) {
    JsonNode first = stage.output("ListInferenceProfiles", Stage.json("{\"maxResults\": 1}"));
    assertThat(first.get("inferenceProfileSummaries")).hasSize(1);
    JsonNode second =
        stage.output(
            "ListInferenceProfiles",
            Stage.json("{\"maxResults\": 1}")
                .put("nextToken", first.get("nextToken").stringValue()));
    assertThat(second.get("inferenceProfileSummaries").get(0).get("inferenceProfileId"))
        .isNotEqualTo(first.get("inferenceProfileSummaries").get(0).get("inferenceProfileId"));

    JsonNode profile =
        stage.output(
            "GetInferenceProfile", Stage.member("inferenceProfileIdentifier", "us.acme.echo"));
    assertThat(profile.get("type").stringValue()).isEqualTo("SYSTEM_DEFINED");
    stage.fault(
        "ResourceNotFoundException",
        "GetInferenceProfile",
        Stage.member("inferenceProfileIdentifier", "us.acme.other"));
  }

  /** The whole way by one client: its input in, its answers out. */
  static void inputPutAndOutputRead(Stage stage) {
    String in = stage.prefix() + "own/records.jsonl";
    String record =
        """
        {"recordId": "\u00e4 1", "modelInput": {"messages": [{"role": "user", "content": "gr\u00fc\u00df dich"}]}}
        """;
    stage.client().put("conformance", in, record);
    ObjectNode request = stage.request("own", Stage.ECHO_MODEL);
    ((ObjectNode) request.at("/inputDataConfig/s3InputDataConfig"))
        .put("s3Uri", "s3://conformance/" + in);
    String arn = stage.create(request);
    stage.await(arn, "Completed");

    String out = "out/" + arn.substring(arn.lastIndexOf('/') + 1) + "/";
    // What was done so far stays for a moment beside the whole.
    await()
        .untilAsserted(
            () ->
                assertThat(stage.client().keys("conformance", out))
                    .containsExactly(out + "manifest.json.out", out + "records.jsonl.out"));
    JsonNode answer =
        JsonMapper.shared().readTree(stage.client().text("conformance", out + "records.jsonl.out"));
    assertThat(answer.get("recordId").stringValue()).isEqualTo("\u00e4 1");
    assertThat(answer.get("modelInput"))
        .isEqualTo(JsonMapper.shared().readTree(record).get("modelInput"));
    assertThat(answer.has("modelOutput")).isTrue();
    assertThat(
            JsonMapper.shared()
                .readTree(stage.client().text("conformance", out + "manifest.json.out"))
                .get("successRecordCount")
                .intValue())
        .isEqualTo(1);
  }

  /** The errors of a create, though no caller can provoke all of them. */
  static void everyError(Stage stage) throws IOException {
    Endpoint endpoint = Endpoint.of(stage.service()).withAttempts(1);
    try (FaultyService faulty = new FaultyService(endpoint);
        AwsClient client = stage.kind().open(endpoint.at(faulty.url()))) {
      for (String error :
          new String[] {
            "AccessDeniedException",
            "ConflictException",
            "InternalServerException",
            "ResourceNotFoundException",
            "ServiceQuotaExceededException",
            "ThrottlingException",
            "ValidationException"
          }) {
        ObjectNode request = stage.request("", Stage.ECHO_MODEL).put("jobName", error);
        AwsClient.Outcome.Fault fault =
            Stage.fault(client, error, "CreateModelInvocationJob", request);
        assertThat(fault.message()).contains("refused as asked");
      }
    }
  }

  /** The caller names no token: the client's own must make the second attempt the same request. */
  static void retryAfterALostAnswer(Stage stage) throws IOException {
    Endpoint endpoint = Endpoint.of(stage.service());
    try (LostAnswerRelay relay = new LostAnswerRelay(endpoint.url(), () -> {});
        AwsClient client = stage.kind().open(endpoint.at(relay.url()))) {
      JsonNode created =
          Stage.output(client, "CreateModelInvocationJob", stage.request("lost", Stage.ECHO_MODEL));

      assertThat(relay.lostAnswer()).contains(created.get("jobArn").stringValue());
      assertThat(relay.connections()).isGreaterThan(1);
      assertThat(
              stage
                  .output("ListModelInvocationJobs", Stage.member("nameContains", stage.prefix()))
                  .get("invocationJobSummaries"))
          .hasSize(1);
    }
  }
}
