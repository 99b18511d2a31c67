package bedload.api;

import bedload.job.Arns;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A served model as Bedrock describes one of its own; the members are named as on the wire. What a
 * model server can do beyond texts is not asked of it, and not claimed here.
 *
 * @param modelName what follows the provider in the id, as long as Bedrock lets a name be
 * @param providerName the id's first part, as the provider writes itself where that is known; for
 *     an id without a provider, that the model is local
 * @param responseStreamingSupported false: batches do not stream
 */
record FoundationModel(
    String modelArn,
    String modelId,
    String modelName,
    String providerName,
    List<String> inputModalities,
    List<String> outputModalities,
    boolean responseStreamingSupported,
    List<String> customizationsSupported,
    List<String> inferenceTypesSupported,
    Lifecycle modelLifecycle) {
  private static final int MAX_NAME = 20;
  private static final String NO_PROVIDER = "Local";
  private static final Map<String, String> PROVIDERS =
      Map.of(
          "ai21", "AI21 Labs",
          "deepseek", "DeepSeek",
          "mistral", "Mistral AI",
          "moonshotai", "Moonshot AI",
          "nvidia", "NVIDIA",
          "openai", "OpenAI",
          "stability", "Stability AI",
          "twelvelabs", "TwelveLabs",
          "zai", "Z.AI");

  /** Whether a model is to be used; all that are served are. */
  record Lifecycle(String status) {}

  /** Returns the description of a model that is served under an id of its own. */
  static FoundationModel of(String region, String modelId, boolean embeds) {
    int dot = MemberRules.FOUNDATION_MODEL.accepts(modelId) ? modelId.indexOf('.') : -1;
    return new FoundationModel(
        Arns.foundationModel(region, modelId),
        modelId,
        shortened(modelId.substring(dot + 1)),
        dot < 0 ? NO_PROVIDER : provider(modelId.substring(0, dot)),
        List.of("TEXT"),
        List.of(embeds ? "EMBEDDING" : "TEXT"),
        false,
        List.of(),
        List.of("ON_DEMAND"),
        new Lifecycle("ACTIVE"));
  }

  private static String provider(String prefix) {
    return PROVIDERS.getOrDefault(
        prefix, shortened(prefix.substring(0, 1).toUpperCase(Locale.ROOT) + prefix.substring(1)));
  }

  private static String shortened(String name) {
    return name.substring(0, Math.min(name.length(), MAX_NAME));
  }
}
