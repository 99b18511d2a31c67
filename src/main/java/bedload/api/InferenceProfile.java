package bedload.api;

import bedload.job.AccountId;
import bedload.job.Arns;
import bedload.wire.Call;
import java.util.List;

/**
 * A served model under an id that begins with a region, as Bedrock describes an inference profile;
 * the members are named as on the wire.
 *
 * @param inferenceProfileName the id in letters and digits, which are all that a name may have
 * @param models the model behind it; regions it has none, for there is one installation
 */
record InferenceProfile(
    String inferenceProfileName,
    String inferenceProfileArn,
    List<Model> models,
    String inferenceProfileId,
    String status,
    String type) {
  /** The type of a profile that the service brings along; no account makes one here. */
  static final String SYSTEM_DEFINED = "SYSTEM_DEFINED";

  private static final int MAX_NAME = 64;

  /** A model behind a profile. */
  record Model(String modelArn) {}

  /** Returns the description of the profile of an id. */
  static InferenceProfile of(Call call, String id) {
    String region = call.caller().region();
    String name = id.replaceAll("[^0-9a-zA-Z]+", " ").strip();
    return new InferenceProfile(
        name.substring(0, Math.min(name.length(), MAX_NAME)).strip(),
        Arns.inferenceProfile(new AccountId(call.caller().account()), region, id),
        List.of(new Model(Arns.foundationModel(region, id.substring(id.indexOf('.') + 1)))),
        id,
        "ACTIVE",
        SYSTEM_DEFINED);
  }
}
