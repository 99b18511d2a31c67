package bedload.api;

import bedload.job.Arns;
import java.util.List;

/** Models that are served because a list names them. */
record ConfiguredModels(List<String> configuredIds) implements ServedModels {
  @Override
  public boolean serves(String modelId) {
    return (configuredIds.contains("anthropic.*") && modelId.startsWith("anthropic."))
        || configuredIds.contains(modelId)
        || configuredIds.contains(Arns.bareModelId(modelId));
  }

  @Override
  public boolean embeds(String modelId) {
    return modelId.contains("embed");
  }
}
