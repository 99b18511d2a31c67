package bedload.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as Bedrock describes it: member names to values, which are texts, numbers, {@link
 * java.time.Instant}s, lists of texts, and documents again. A member without a value is left out,
 * never null. Whoever reads jobs of AWS accounts meets the same document.
 */
public final class JobDocument {
  private JobDocument() {}

  /** Returns all that GetModelInvocationJob answers. */
  public static Map<String, Object> of(Job job) {
    return document(job, job.spec().clientRequestToken());
  }

  /**
   * Returns what ListModelInvocationJobs answers of a job. AWS leaves the message out of a list
   * too; here it stands, so that nobody must ask for each failed job to learn why.
   */
  public static Map<String, Object> summary(Job job) {
    return document(job, null);
  }

  private static Map<String, Object> document(Job job, @Nullable String clientRequestToken) {
    JobSpec spec = job.spec();
    RecordCounts counts = job.counts();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("jobArn", job.arn());
    document.put("jobName", spec.jobName());
    document.put("modelId", Arns.model(job.account(), job.region(), spec.modelId()));
    putIfKnown(document, "clientRequestToken", clientRequestToken);
    document.put("roleArn", spec.roleArn());
    document.put("status", job.status().wireName());
    putIfKnown(document, "message", job.message());
    document.put("submitTime", job.submitTime());
    document.put("lastModifiedTime", job.lastModifiedTime());
    putIfKnown(document, "endTime", job.endTime());
    document.put("inputDataConfig", Map.of("s3InputDataConfig", input(spec.input())));
    document.put("outputDataConfig", Map.of("s3OutputDataConfig", output(spec.output())));
    putIfKnown(document, "vpcConfig", vpc(spec.vpcConfig()));
    document.put("timeoutDurationInHours", (int) spec.timeout().toHours());
    document.put("jobExpirationTime", job.expirationTime());
    document.put("modelInvocationType", spec.modelInvocationType().wireName());
    document.put("totalRecordCount", counts.total());
    document.put("processedRecordCount", counts.processed());
    document.put("successRecordCount", counts.success());
    document.put("errorRecordCount", counts.error());
    return document;
  }

  private static Map<String, Object> input(JobSpec.Input input) {
    Map<String, Object> document = new LinkedHashMap<>();
    putIfKnown(document, "s3InputFormat", input.format());
    document.put("s3Uri", input.uri().toString());
    document.put("s3BucketOwner", input.bucketOwner().value());
    return document;
  }

  private static Map<String, Object> output(JobSpec.Output output) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("s3Uri", output.uri().toString());
    putIfKnown(document, "s3EncryptionKeyId", output.encryptionKeyId());
    document.put("s3BucketOwner", output.bucketOwner().value());
    return document;
  }

  private static @Nullable Map<String, List<String>> vpc(@Nullable VpcConfig vpc) {
    if (vpc == null) {
      return null;
    }
    Map<String, List<String>> document = new LinkedHashMap<>();
    document.put("subnetIds", vpc.subnetIds());
    document.put("securityGroupIds", vpc.securityGroupIds());
    return document;
  }

  private static void putIfKnown(
      Map<String, Object> document, String member, @Nullable Object value) {
    if (value != null) {
      document.put(member, value);
    }
  }
}
