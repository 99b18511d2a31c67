package bedload.model.body;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * One form of body that models of Bedrock take and give, translated for OpenAI-compatible servers.
 * Stateless.
 */
interface BodyFamily {
  /**
   * Returns the call that asks a server what the record asks its model.
   *
   * @throws UnfitBody if the body is wrong, or asks for what has no counterpart
   */
  ServerCall toServer(JsonNode modelInput, Served served);

  /**
   * Returns the server's answer as the model would have given it.
   *
   * @param answer the whole body of a successful answer
   * @param modelInput what was asked
   * @throws UnusableAnswer if the answer lacks what it must have
   * @throws UnfitBody if the answer shows that the body asked for what this model cannot do
   */
  ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served);

  /** Returns the answer with how long the server took for it, where the family has a place. */
  default ModelOutput timed(ModelOutput output, Duration took) {
    return output;
  }
}
