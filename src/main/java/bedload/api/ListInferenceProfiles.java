package bedload.api;

import bedload.job.Arns;
import bedload.wire.Call;
import bedload.wire.Operation;
import bedload.wire.PageTokens;
import bedload.wire.Route;
import bedload.wire.Violations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists the inference profiles that the configuration names one by one, by their ids. */
public final class ListInferenceProfiles implements Operation {
  private static final Route ROUTE =
      new Route("ListInferenceProfiles", "GET", "/inference-profiles");

  private final ServedModels models;
  private final PageTokens tokens;

  /** Makes the operation. */
  public ListInferenceProfiles(ServedModels models, PageTokens tokens) {
    this.models = models;
    this.tokens = tokens;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Map<String, Object> answer(Call call) {
    Violations violations = new Violations();
    QueryParameters parameters = new QueryParameters(call, violations);
    Optional<String> type = parameters.text("type", MemberRules.PROFILE_TYPE);
    Optional<String> token = parameters.text("nextToken", MemberRules.PAGE_TOKEN);
    int maxResults = parameters.maxResults();
    violations.throwIfAny();

    String question =
        String.join(
            " ",
            ROUTE.operation(),
            call.caller().account(),
            call.caller().region(),
            type.orElse("-"));
    String after = token.map(text -> tokens.open(question, text)).orElse("");
    List<String> rest =
        models.configuredIds().stream()
            .filter(id -> !id.contains("*") && Arns.isInferenceProfile(id))
            .filter(_ -> type.stream().allMatch(InferenceProfile.SYSTEM_DEFINED::equals))
            .filter(id -> id.compareTo(after) > 0)
            .distinct()
            .sorted()
            .toList();
    List<String> page = rest.subList(0, Math.min(rest.size(), maxResults));

    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(
        "inferenceProfileSummaries",
        page.stream().map(id -> InferenceProfile.of(call, id)).toList());
    if (rest.size() > page.size()) {
      answer.put("nextToken", tokens.seal(question, page.getLast()));
    }
    return answer;
  }
}
