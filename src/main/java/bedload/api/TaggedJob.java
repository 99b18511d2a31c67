package bedload.api;

import bedload.job.AccountId;
import bedload.job.Arns;
import bedload.job.JobId;
import bedload.ledger.TagResult;
import bedload.ledger.Tags;
import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Members;
import java.util.Map;

/**
 * The job that a call about tags names by its ARN.
 *
 * @param arn as sent
 */
record TaggedJob(AccountId account, String region, String arn) {
  /** Reads which resource is meant; that it is a job of the caller's is asked for later. */
  static TaggedJob named(Call call, Members body) {
    return new TaggedJob(
        new AccountId(call.caller().account()),
        call.caller().region(),
        body.requiredText("resourceARN", MemberRules.TAGGABLE_ARN));
  }

  /**
   * Returns the job's id.
   *
   * @throws CallFault RESOURCE_NOT_FOUND if the ARN is of something else, of another account or of
   *     another region
   */
  JobId id() {
    return Arns.parseJob(arn)
        .filter(job -> job.account().equals(account) && job.region().equals(region))
        .map(Arns.JobArn::id)
        .orElseThrow(this::notFound);
  }

  /**
   * Returns the tags that a result holds.
   *
   * @throws CallFault if it holds none
   */
  Map<String, String> tags(TagResult result) {
    return switch (result) {
      case TagResult.Tagged(Map<String, String> tags) -> tags;
      case TagResult.NotFound() -> throw notFound();
      case TagResult.TooMany(int count) ->
          throw new CallFault(
              AwsError.TOO_MANY_TAGS,
              "The resource would have %d tags, it may have %d. Nothing was changed."
                  .formatted(count, Tags.MAX_PER_JOB),
              Map.of("resourceName", arn));
    };
  }

  private CallFault notFound() {
    return new CallFault(
        AwsError.RESOURCE_NOT_FOUND,
        "Account %s has no model invocation job '%s' in region %s; other resources have no tags here."
            .formatted(account, arn, region));
  }
}
