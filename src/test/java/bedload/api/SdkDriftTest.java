package bedload.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobDocument;
import bedload.job.JobId;
import bedload.job.JobSpec;
import bedload.job.JobStatus;
import bedload.job.ModelInvocationType;
import bedload.job.RecordCounts;
import bedload.job.S3Uri;
import bedload.job.VpcConfig;
import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Caller;
import bedload.wire.PageTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.services.bedrock.model.CreateModelInvocationJobRequest;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsRequest;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobSummary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Holds what is written and read here by hand against the SDK's own account of the members, their
 * nesting and their types. A newer SDK that knows more makes this fail, which is its purpose.
 */
class SdkDriftTest {
  /** Members that Bedrock had later than the SDK that the build uses. */
  private static final Map<String, String> NEWER_THAN_THE_SDK =
      Map.of(
          "modelInvocationType", "String",
          "totalRecordCount", "Long",
          "processedRecordCount", "Long",
          "successRecordCount", "Long",
          "errorRecordCount", "Long");

  private static final Caller CALLER = new Caller("123456789012", "us-east-1");
  private static final PageTokens TOKENS = new PageTokens(new byte[16]);

  private static Job jobWithEveryMember() {
    AccountId account = new AccountId("123456789012");
    Instant time = Instant.parse("2026-03-03T22:57:41.101Z");
    return new Job(
        new JobId("abcdefghijkl"),
        account,
        "us-east-1",
        new JobSpec(
            "job",
            "arn:aws:iam::123456789012:role/batch",
            "amazon.titan-embed-text-v2:0",
            ModelInvocationType.INVOKE_MODEL,
            new JobSpec.Input(S3Uri.parse("s3://bkt/in.jsonl"), "JSONL", account),
            new JobSpec.Output(S3Uri.parse("s3://bkt/out/"), "alias/key", account),
            "token",
            new VpcConfig(List.of("subnet-1"), List.of("sg-1")),
            Duration.ofHours(24),
            Map.of()),
        JobStatus.FAILED,
        "no such bucket",
        time,
        time,
        time,
        new RecordCounts(3, 1, 1));
  }

  @Test
  void getAnswersEveryMemberThatTheSdkKnows() {
    Map<String, String> expected = membersOf("", GetModelInvocationJobResponse.builder().build());
    expected.putAll(NEWER_THAN_THE_SDK);

    assertThat(membersOf("", JobDocument.of(jobWithEveryMember()))).isEqualTo(expected);
  }

  @Test
  void listAnswersEveryMemberButTheToken() {
    Map<String, String> expected = membersOf("", ModelInvocationJobSummary.builder().build());
    expected.putAll(NEWER_THAN_THE_SDK);
    expected.remove("clientRequestToken");

    assertThat(membersOf("", JobDocument.summary(jobWithEveryMember()))).isEqualTo(expected);
  }

  @Test
  void createReadsEveryMemberUnderItsType() {
    Map<String, String> members = membersOf("", CreateModelInvocationJobRequest.builder().build());
    members.put("modelInvocationType", "String");
    JobSpecReader reader = new JobSpecReader(TestService.MODELS, S3UriForm.AWS);
    assertThat(reader.read(call(fullRequest())).timeout()).isEqualTo(Duration.ofHours(49));

    members.forEach(
        (path, type) -> {
          ObjectNode request = fullRequest();
          putWrongType(request, path, type);
          CallFault fault = catchThrowableOfType(CallFault.class, () -> reader.read(call(request)));
          assertThat(fault).as(path).isNotNull();
          assertThat(fault.error()).as(path).isEqualTo(AwsError.SERIALIZATION);
          assertThat(fault.sentence())
              .startsWith("'" + path.replace("[]", ".1.member") + "' must be ");
        });
  }

  @Test
  void listReadsEveryFilter() {
    List<String> filters =
        ListModelInvocationJobsRequest.builder().build().sdkFields().stream()
            .peek(field -> assertThat(field.location()).isEqualTo(MarshallLocation.QUERY_PARAM))
            .map(SdkField::locationName)
            .toList();
    assertThat(filters).hasSize(8);

    for (String filter : filters) {
      Call call = new Call("id", CALLER, "", Map.of(filter, " "), new byte[0]);
      assertThatThrownBy(() -> ListRequest.read(call, TOKENS))
          .hasMessageContaining("Value ' ' at '" + filter + "'");
    }
  }

  private static Call call(ObjectNode body) {
    return new Call("id", CALLER, "", Map.of(), JsonMapper.shared().writeValueAsBytes(body));
  }

  private static ObjectNode fullRequest() {
    return (ObjectNode)
        JsonMapper.shared()
            .readTree(
                """
                {"jobName": "job",
                 "roleArn": "arn:aws:iam::123456789012:role/batch",
                 "clientRequestToken": "token",
                 "modelId": "amazon.titan-embed-text-v2:0",
                 "inputDataConfig": {"s3InputDataConfig":
                   {"s3Uri": "s3://bkt/in.jsonl", "s3InputFormat": "JSONL", "s3BucketOwner": "123456789012"}},
                 "outputDataConfig": {"s3OutputDataConfig":
                   {"s3Uri": "s3://bkt/out/", "s3EncryptionKeyId": "alias/key", "s3BucketOwner": "123456789012"}},
                 "vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]},
                 "timeoutDurationInHours": 49,
                 "modelInvocationType": "Converse",
                 "tags": [{"key": "team", "value": "search"}]}
                """);
  }

  /** Puts a number where no number belongs, or a text where one does. */
  private static void putWrongType(ObjectNode request, String path, String type) {
    List<String> steps = new ArrayList<>(List.of(path.replace("[]", ".[]").split("\\.")));
    String last = steps.removeLast();
    StringBuilder pointer = new StringBuilder();
    for (String step : steps) {
      pointer.append('/').append(step.equals("[]") ? "0" : step);
    }
    JsonNode wrong = type.equals("Integer") ? StringNode.valueOf("a text") : IntNode.valueOf(7);
    switch (request.at(pointer.toString())) {
      case ObjectNode object -> object.set(last, wrong);
      case ArrayNode array -> array.set(0, wrong);
      case JsonNode other -> throw new AssertionError(path + " is in " + other);
    }
  }

  /** Returns the type of each member by its path, as the SDK has it. */
  private static Map<String, String> membersOf(String path, SdkPojo pojo) {
    Map<String, String> members = new TreeMap<>();
    for (SdkField<?> field : pojo.sdkFields()) {
      members.putAll(membersOf(path + field.locationName(), field));
    }
    return members;
  }

  private static Map<String, String> membersOf(String path, SdkField<?> field) {
    Map<String, String> members = new TreeMap<>();
    members.put(path, field.marshallingType().toString());
    if (field.marshallingType().equals(MarshallingType.SDK_POJO)) {
      members.putAll(membersOf(path + ".", field.constructor().get()));
    } else if (field.marshallingType().equals(MarshallingType.LIST)) {
      members.putAll(membersOf(path + "[]", field.getTrait(ListTrait.class).memberFieldInfo()));
    }
    return members;
  }

  /** Returns the type of each member by its path, as a document has it, in the SDK's words. */
  private static Map<String, String> membersOf(String path, Map<?, ?> document) {
    Map<String, String> members = new TreeMap<>();
    document.forEach((name, value) -> members.putAll(typesOf(path + name, value)));
    return members;
  }

  private static Map<String, String> typesOf(String path, Object value) {
    Map<String, String> types = new LinkedHashMap<>();
    switch (value) {
      case String _ -> types.put(path, "String");
      case Integer _ -> types.put(path, "Integer");
      case Long _ -> types.put(path, "Long");
      case Instant _ -> types.put(path, "Instant");
      case List<?> list -> {
        types.put(path, "List");
        types.putAll(typesOf(path + "[]", list.getFirst()));
      }
      case Map<?, ?> nested -> {
        types.put(path, "SdkPojo");
        types.putAll(membersOf(path + ".", nested));
      }
      default -> throw new AssertionError(path + " has a value of " + value.getClass());
    }
    return types;
  }
}
