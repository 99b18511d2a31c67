package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.JobSpec;
import bedload.job.ModelInvocationType;
import bedload.job.S3Uri;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests for jobs, as tests need them. */
public final class JobSpecs {
  private JobSpecs() {}

  /** Returns a plain request of that name, without a token. */
  public static JobSpec named(String jobName) {
    return of(jobName, null);
  }

  /** Returns a plain request of that name and token. */
  public static JobSpec of(String jobName, @Nullable String token) {
    return of(jobName, token, "bedload.echo", "s3://input/records.jsonl", "s3://output/results");
  }

  /** Returns a request with its places and its model. */
  public static JobSpec of(
      String jobName, @Nullable String token, String modelId, String input, String output) {
    return new JobSpec(
        jobName,
        "arn:aws:iam::000000000000:role/batch",
        modelId,
        ModelInvocationType.INVOKE_MODEL,
        new JobSpec.Input(S3Uri.parse(input), null, AccountId.DEFAULT),
        new JobSpec.Output(S3Uri.parse(output), null, AccountId.DEFAULT),
        token,
        null,
        Duration.ofHours(24),
        Map.of("team", "data"));
  }

  /** Returns the same request, without a token, with other tags. */
  public static JobSpec tagged(JobSpec spec, Map<String, String> tags) {
    return new JobSpec(
        spec.jobName(),
        spec.roleArn(),
        spec.modelId(),
        spec.modelInvocationType(),
        spec.input(),
        spec.output(),
        null,
        null,
        spec.timeout(),
        tags);
  }
}
