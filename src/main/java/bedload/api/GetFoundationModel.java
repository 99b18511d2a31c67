package bedload.api;

import bedload.job.Arns;
import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Excerpt;
import bedload.wire.Operation;
import bedload.wire.Route;

/**
 * Describes a model that is served under an id of its own, be it listed or matched by a pattern.
 */
public final class GetFoundationModel implements Operation {
  private static final Route ROUTE =
      new Route("GetFoundationModel", "GET", "/foundation-models/{modelIdentifier}");

  private final ServedModels models;

  /** Makes the operation. */
  public GetFoundationModel(ServedModels models) {
    this.models = models;
  }

  /** The body of the answer. */
  record Response(FoundationModel modelDetails) {}

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Response answer(Call call) {
    String identifier = call.parameter();
    String id = Arns.bareModelId(identifier);
    if (!MemberRules.FOUNDATION_MODEL.accepts(identifier) && !models.configuredIds().contains(id)) {
      throw CallFault.validation(
          "The provided model identifier is invalid: '%s'".formatted(Excerpt.of(identifier)));
    }
    String region = call.caller().region();
    boolean isOfThisRegion =
        identifier.equals(id) || identifier.equals(Arns.foundationModel(region, id));
    if (!isOfThisRegion || Arns.isInferenceProfile(id) || id.contains("*") || !models.serves(id)) {
      throw new CallFault(
          AwsError.RESOURCE_NOT_FOUND,
          "No foundation model '%s' is served in region %s. ListFoundationModels names those that are."
              .formatted(Excerpt.of(identifier), region));
    }
    return new Response(FoundationModel.of(region, id, models.embeds(id)));
  }
}
