package bedload.api;

import java.util.List;

/** Which models have a backend here. */
public interface ServedModels {
  /** Says whether a backend answers for a model, given as a caller sends it: an id or an ARN. */
  boolean serves(String modelId);

  /** Says whether a model that is served answers with vectors. */
  boolean embeds(String modelId);

  /**
   * Returns the ids that the configuration names, in an order fit for a sentence. One with a {@code
   * *} stands for many.
   */
  List<String> configuredIds();
}
