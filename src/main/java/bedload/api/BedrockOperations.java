package bedload.api;

import bedload.ledger.Ledger;
import bedload.wire.Operation;
import bedload.wire.PageTokens;
import java.util.List;

/** All operations of Bedrock that bedload offers. */
public final class BedrockOperations {
  private BedrockOperations() {}

  /** Returns the operations over a ledger. */
  public static List<Operation> over(
      Ledger ledger, ServedModels models, S3UriForm s3UriForm, PageTokens tokens) {
    return List.of(
        new CreateModelInvocationJob(ledger, models, s3UriForm),
        new GetModelInvocationJob(ledger),
        new ListModelInvocationJobs(ledger, tokens),
        new StopModelInvocationJob(ledger));
  }
}
