package bedload.api;

import bedload.ledger.Ledger;
import bedload.ledger.Tags;
import bedload.wire.Operation;
import bedload.wire.PageTokens;
import java.util.List;

/** All operations of Bedrock that bedload offers. */
public final class BedrockOperations {
  private BedrockOperations() {}

  /** Returns the operations over the ledger's books. */
  public static List<Operation> over(
      Ledger ledger, Tags tags, ServedModels models, S3UriForm s3UriForm, PageTokens tokens) {
    return List.of(
        new CreateModelInvocationJob(ledger, models, s3UriForm),
        new GetModelInvocationJob(ledger),
        new ListModelInvocationJobs(ledger, tokens),
        new StopModelInvocationJob(ledger),
        new TagResource(tags),
        new UntagResource(tags),
        new ListTagsForResource(tags),
        new ListFoundationModels(models),
        new GetFoundationModel(models),
        new ListInferenceProfiles(models, tokens),
        new GetInferenceProfile(models));
  }
}
