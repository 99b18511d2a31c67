package bedload.job;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked for when creating a job, with Bedrock's defaults filled in. Its form was
 * checked at the door; whether buckets, rights and records are there is for validation to find.
 *
 * @param jobName unique among the account's jobs that have not ended
 * @param modelId as sent: an id or an ARN
 * @param clientRequestToken null if the caller sent none
 * @param timeout how long after its submission the job may take
 * @param tags in the order sent
 */
public record JobSpec(
    String jobName,
    String roleArn,
    String modelId,
    ModelInvocationType modelInvocationType,
    Input input,
    Output output,
    @Nullable String clientRequestToken,
    @Nullable VpcConfig vpcConfig,
    Duration timeout,
    Map<String, String> tags) {

  public JobSpec {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** Returns the same request with other tags. */
  public JobSpec withTags(Map<String, String> tags) {
    return new JobSpec(
        jobName,
        roleArn,
        modelId,
        modelInvocationType,
        input,
        output,
        clientRequestToken,
        vpcConfig,
        timeout,
        tags);
  }

  /**
   * Where the records are.
   *
   * @param uri one object whose name ends in .jsonl, or a prefix
   * @param format as sent; null means JSONL and is not echoed, as on AWS
   */
  public record Input(S3Uri uri, @Nullable String format, AccountId bucketOwner) {}

  /**
   * Where results go.
   *
   * @param encryptionKeyId the KMS key that must encrypt them; null for the bucket's default
   */
  public record Output(S3Uri uri, @Nullable String encryptionKeyId, AccountId bucketOwner) {}
}
