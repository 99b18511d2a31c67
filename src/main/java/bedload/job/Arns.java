package bedload.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How bedload writes and reads Amazon Resource Names. */
public final class Arns {
  private static final Pattern JOB =
      Pattern.compile(
          "arn:aws(?:-[^:]+)?:bedrock:([a-z0-9-]{1,20}):([0-9]{12}):model-invocation-job/([a-z0-9]{12})");
  private static final Pattern PROFILE_ID =
      Pattern.compile("(?:us|us-gov|eu|apac|jp|au|ca|sa|global)\\.[a-z0-9-]+\\..+");

  private Arns() {}

  /**
   * The parts of a job's ARN.
   *
   * @param region the region that it names
   */
  public record JobArn(String region, AccountId account, JobId id) {}

  /** Returns the ARN of a job. */
  public static String job(AccountId account, String region, JobId id) {
    return "arn:%s:bedrock:%s:%s:model-invocation-job/%s"
        .formatted(partition(region), region, account, id);
  }

  /** Returns the parts of a job's ARN; empty if the text is not one. */
  public static Optional<JobArn> parseJob(String arn) {
    Matcher matcher = JOB.matcher(arn);
    return matcher.matches()
        ? Optional.of(
            new JobArn(
                matcher.group(1), new AccountId(matcher.group(2)), new JobId(matcher.group(3))))
        : Optional.empty();
  }

  /** Returns the ARN that Bedrock answers for a model, whatever form of its id was sent. */
  public static String model(AccountId account, String region, String modelId) {
    if (modelId.startsWith("arn:")) {
      return modelId;
    }
    return isInferenceProfile(modelId)
        ? inferenceProfile(account, region, modelId)
        : foundationModel(region, modelId);
  }

  /** Says whether a model's id is that of an inference profile: one with a region before it. */
  public static boolean isInferenceProfile(String modelId) {
    return PROFILE_ID.matcher(modelId).matches();
  }

  /** Returns the ARN of an inference profile. */
  public static String inferenceProfile(AccountId account, String region, String profileId) {
    return "arn:%s:bedrock:%s:%s:inference-profile/%s"
        .formatted(partition(region), region, account, profileId);
  }

  /** Returns the ARN of a foundation model, which belongs to no account. */
  public static String foundationModel(String region, String modelId) {
    return "arn:%s:bedrock:%s::foundation-model/%s".formatted(partition(region), region, modelId);
  }

  /**
   * Returns the bare model id: what follows the kind of resource in an ARN, else the id as it is.
   */
  public static String bareModelId(String modelId) {
    return modelId.startsWith("arn:") ? modelId.substring(modelId.indexOf('/') + 1) : modelId;
  }

  /** Returns the partition of AWS that a region belongs to. */
  public static String partition(String region) {
    if (region.startsWith("cn-")) {
      return "aws-cn";
    }
    return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  }
}
