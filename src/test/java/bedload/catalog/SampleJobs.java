package bedload.catalog;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Jobs as a provider would describe them. */
final class SampleJobs {
  static final ResourceType TYPE =
      ResourceTypes.builtIn().stream()
          .filter(type -> type.table().equals("aws_bedrock_model_invocation_job"))
          .findFirst()
          .orElseThrow();
  static final String ACCOUNT = "000000000000";
  static final String OTHER_ACCOUNT = "999999999999";
  static final String REGION = "us-east-1";
  static final Instant SUBMITTED = Instant.parse("2026-03-01T12:00:00.123Z");

  private SampleJobs() {}

  static String arn(String account, String id) {
    return "arn:aws:bedrock:%s:%s:model-invocation-job/%s".formatted(REGION, account, id);
  }

  /** Returns a new document with every documented member but those of an end. */
  static Map<String, Object> document(String account, String id, String status) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("jobArn", arn(account, id));
    document.put("jobName", "nightly-" + id);
    document.put(
        "modelId", "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0");
    document.put("clientRequestToken", "token-" + id);
    document.put("roleArn", "arn:aws:iam::" + account + ":role/batch");
    document.put("status", status);
    document.put("submitTime", SUBMITTED);
    document.put("lastModifiedTime", SUBMITTED.plusSeconds(1));
    document.put("jobExpirationTime", SUBMITTED.plusSeconds(86_400));
    document.put(
        "inputDataConfig",
        Map.of(
            "s3InputDataConfig",
            Map.of("s3Uri", "s3://in/" + id + ".jsonl", "s3BucketOwner", account)));
    document.put(
        "outputDataConfig", Map.of("s3OutputDataConfig", Map.of("s3Uri", "s3://out/" + id + "/")));
    document.put("timeoutDurationInHours", 24);
    document.put("totalRecordCount", 7L);
    return document;
  }

  static Map<String, Object> inNetwork(Map<String, Object> document) {
    document.put(
        "vpcConfig",
        Map.of(
            "subnetIds",
            List.of("subnet-b", "subnet-a", "subnet-b"),
            "securityGroupIds",
            List.of()));
    return document;
  }

  static ResourceObservation observation(Map<String, Object> document, long version) {
    return observation(document, Map.of("team", "search"), version);
  }

  static ResourceObservation observation(
      Map<String, Object> document, Map<String, String> tags, long version) {
    String account = String.valueOf(document.get("jobArn")).split(":", -1)[4];
    return new ResourceObservation(
        TYPE, account, REGION, document, tags, version, SUBMITTED.plusSeconds(version));
  }
}
