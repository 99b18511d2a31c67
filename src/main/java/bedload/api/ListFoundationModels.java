package bedload.api;

import bedload.job.Arns;
import bedload.wire.Call;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.Violations;
import java.util.List;
import java.util.Optional;

/**
 * Lists the models that the configuration names one by one. A model that only a pattern serves is
 * not listed, for a pattern stands for names without end; GetFoundationModel knows it.
 */
public final class ListFoundationModels implements Operation {
  private static final Route ROUTE = new Route("ListFoundationModels", "GET", "/foundation-models");

  private final ServedModels models;

  /** Makes the operation. */
  public ListFoundationModels(ServedModels models) {
    this.models = models;
  }

  /** The body of the answer; it has no pages, on AWS neither. */
  record Response(List<FoundationModel> modelSummaries) {}

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Response answer(Call call) {
    Violations violations = new Violations();
    QueryParameters parameters = new QueryParameters(call, violations);
    Optional<String> provider = parameters.text("byProvider", MemberRules.PROVIDER);
    Optional<String> customization =
        parameters.text("byCustomizationType", MemberRules.CUSTOMIZATION);
    Optional<String> modality = parameters.text("byOutputModality", MemberRules.MODALITY);
    Optional<String> inference = parameters.text("byInferenceType", MemberRules.INFERENCE_TYPE);
    violations.throwIfAny();

    return new Response(
        models.configuredIds().stream()
            .filter(id -> !id.contains("*") && !Arns.isInferenceProfile(id))
            .distinct()
            .map(id -> FoundationModel.of(call.caller().region(), id, models.embeds(id)))
            .filter(model -> provider.stream().allMatch(model.providerName()::equalsIgnoreCase))
            .filter(
                model -> customization.stream().allMatch(model.customizationsSupported()::contains))
            .filter(model -> modality.stream().allMatch(model.outputModalities()::contains))
            .filter(model -> inference.stream().allMatch(model.inferenceTypesSupported()::contains))
            .toList());
  }
}
