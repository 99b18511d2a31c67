package bedload.model;

import bedload.job.Arns;
import java.util.List;
import java.util.regex.Pattern;

/** The forms in which a job may name a model. */
final class ModelIds {
  /** The prefixes of inference profiles that span regions. */
  private static final Pattern REGION =
      Pattern.compile("(?:us|us-gov|eu|apac|jp|au|ca|sa|global)\\.(?=[a-z0-9-]+\\.)");

  private ModelIds() {}

  /** Returns the id without an ARN around it or a region before it. */
  static String plain(String modelId) {
    return REGION.matcher(Arns.bareModelId(modelId)).replaceFirst("");
  }

  /** Returns the ids under which a model is looked for, the most precise first. */
  static List<String> candidates(String modelId) {
    String bare = Arns.bareModelId(modelId);
    String plain = plain(modelId);
    return bare.equals(plain) ? List.of(bare) : List.of(bare, plain);
  }

  /** Returns what a pattern of the map matches: {@code *} is any run of characters. */
  static Pattern glob(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return Pattern.compile(regex.toString());
  }
}
