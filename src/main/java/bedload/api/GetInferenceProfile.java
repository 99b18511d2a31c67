package bedload.api;

import bedload.job.AccountId;
import bedload.job.Arns;
import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Excerpt;
import bedload.wire.Operation;
import bedload.wire.Route;

/** Describes an inference profile whose model is served, be it listed or not. */
public final class GetInferenceProfile implements Operation {
  private static final Route ROUTE =
      new Route("GetInferenceProfile", "GET", "/inference-profiles/{inferenceProfileIdentifier}");

  private final ServedModels models;

  /** Makes the operation. */
  public GetInferenceProfile(ServedModels models) {
    this.models = models;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public InferenceProfile answer(Call call) {
    String identifier = call.parameter();
    if (!MemberRules.INFERENCE_PROFILE.accepts(identifier)) {
      throw CallFault.validation(
          "The provided inference profile identifier is invalid: '%s'"
              .formatted(Excerpt.of(identifier)));
    }
    String id = Arns.bareModelId(identifier);
    String region = call.caller().region();
    AccountId account = new AccountId(call.caller().account());
    boolean isTheCallers =
        identifier.equals(id) || identifier.equals(Arns.inferenceProfile(account, region, id));
    if (!isTheCallers || !Arns.isInferenceProfile(id) || !models.serves(id)) {
      throw new CallFault(
          AwsError.RESOURCE_NOT_FOUND,
          "Account %s has no inference profile '%s' in region %s."
              .formatted(account, Excerpt.of(identifier), region));
    }
    return InferenceProfile.of(call, id);
  }
}
