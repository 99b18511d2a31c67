package bedload.api;

import bedload.job.AccountId;
import bedload.job.JobSpec;
import bedload.job.ModelInvocationType;
import bedload.job.S3Uri;
import bedload.job.VpcConfig;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Members;
import bedload.wire.TextRule;
import bedload.wire.Violations;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads the body of a CreateModelInvocationJob, and fills in what AWS fills in. */
final class JobSpecReader {
  private static final int MIN_TIMEOUT_HOURS = 24;
  private static final int MAX_TIMEOUT_HOURS = 168;

  private final ServedModels models;
  private final TextRule s3Uri;

  JobSpecReader(ServedModels models, S3UriForm s3UriForm) {
    this.models = models;
    this.s3Uri = s3UriForm.rule();
  }

  /**
   * Returns what the caller asks for.
   *
   * @throws CallFault if the body is not JSON, or with all the rules that it breaks
   */
  JobSpec read(Call call) {
    AccountId caller = new AccountId(call.caller().account());
    Violations violations = new Violations();
    Members body = call.members(violations);
    Members input = body.requiredObject("inputDataConfig").requiredObject("s3InputDataConfig");
    Members output = body.requiredObject("outputDataConfig").requiredObject("s3OutputDataConfig");

    String jobName = body.requiredText("jobName", MemberRules.JOB_NAME);
    String roleArn = body.requiredText("roleArn", MemberRules.ROLE_ARN);
    String modelId = modelId(body);
    Optional<String> token = body.text("clientRequestToken", MemberRules.CLIENT_REQUEST_TOKEN);
    Optional<String> type = body.text("modelInvocationType", MemberRules.INVOCATION_TYPE);
    int timeoutHours =
        body.integer("timeoutDurationInHours", MIN_TIMEOUT_HOURS, MAX_TIMEOUT_HOURS)
            .orElse(MIN_TIMEOUT_HOURS);
    String inputUri = input.requiredText("s3Uri", s3Uri);
    Optional<String> inputFormat = input.text("s3InputFormat", MemberRules.INPUT_FORMAT);
    Optional<String> inputOwner = input.text("s3BucketOwner", MemberRules.ACCOUNT);
    String outputUri = output.requiredText("s3Uri", s3Uri);
    Optional<String> outputKey = output.text("s3EncryptionKeyId", MemberRules.KMS_KEY);
    Optional<String> outputOwner = output.text("s3BucketOwner", MemberRules.ACCOUNT);
    Optional<VpcConfig> vpc = body.object("vpcConfig").map(JobSpecReader::vpc);
    Map<String, String> tags = TagList.optional(body, violations);
    TagList.checkCount(tags.size(), violations);
    violations.throwIfAny();

    return new JobSpec(
        jobName,
        roleArn,
        modelId,
        type.map(ModelInvocationType::ofWireName).orElse(ModelInvocationType.INVOKE_MODEL),
        new JobSpec.Input(
            S3Uri.parse(inputUri),
            inputFormat.orElse(null),
            inputOwner.map(AccountId::new).orElse(caller)),
        new JobSpec.Output(
            S3Uri.parse(outputUri),
            outputKey.orElse(null),
            outputOwner.map(AccountId::new).orElse(caller)),
        token.orElse(null),
        vpc.orElse(null),
        Duration.ofHours(timeoutHours),
        tags);
  }

  /**
   * Returns the model's id. Names as people give them to models of their own, such as {@code
   * qwen2.5:0.5b} or {@code meta-llama/Llama-3.1-8B}, break AWS's pattern; one that stands in the
   * configuration, letter by letter, is taken all the same.
   */
  private String modelId(Members body) {
    boolean configured =
        body.text("modelId", TextRule.ANY).filter(models.configuredIds()::contains).isPresent();
    return body.requiredText("modelId", configured ? TextRule.ANY : MemberRules.MODEL_ID);
  }

  private static VpcConfig vpc(Members vpc) {
    return new VpcConfig(
        vpc.requiredTexts("subnetIds", 1, 16, MemberRules.NETWORK_ID),
        vpc.requiredTexts("securityGroupIds", 1, 5, MemberRules.NETWORK_ID));
  }
}
