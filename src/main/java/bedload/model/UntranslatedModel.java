package bedload.model;

import bedload.job.ModelInvocationType;
import bedload.model.body.Family;

/**
 * Refuses every record of a model that a pattern leads to a server, and whose body is not known.
 */
record UntranslatedModel(String modelId, ModelEntry.Server server) implements Model {
  @Override
  public ModelReply invoke(byte[] modelInput, ModelInvocationType type) {
    return new ModelReply.Refusal(
        400,
        "Which body %s takes does not follow from its id, or is not yet translated: name its family (%s) in the model map"
            .formatted(modelId, Family.wireNames()));
  }

  @Override
  public String servedBy() {
    return "nobody: the body of %s is not known".formatted(modelId);
  }
}
