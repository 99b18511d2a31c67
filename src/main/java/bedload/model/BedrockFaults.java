package bedload.model;

import bedload.model.http.HttpReply;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What it means for a record that Bedrock answered with an error. A record keeps Bedrock's own
 * number; the name of the exception decides where one number has several meanings.
 */
final class BedrockFaults {
  private final String endpoint;
  private final InstantSource clock;

  BedrockFaults(String endpoint, InstantSource clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  /** Returns what an answer with another status than 200 means. */
  ModelReply reply(HttpReply reply) {
    int status = reply.status();
    String type = type(reply);
    String said =
        "Bedrock at %s answered %d%s: %s"
            .formatted(
                endpoint, status, type.isEmpty() ? "" : " " + type, ServerFaults.words(reply));
    return switch (type) {
      case "ThrottlingException",
          "ModelNotReadyException",
          "ServiceQuotaExceededException",
          "ServiceUnavailableException",
          "TooManyRequestsException" ->
          overload(status, reply, said);
      // Keys that expire are replaced by whoever gave them; the next call is signed with new ones.
      case "ExpiredTokenException", "RequestTimeTooSkewed" -> new ModelReply.Silence(status, said);
      default -> byStatus(status, reply, said);
    };
  }

  private ModelReply byStatus(int status, HttpReply reply, String said) {
    return switch (status) {
      case 408, 424, 500 -> new ModelReply.Silence(status, said);
      case 429, 503 -> overload(status, reply, said);
      case 403 ->
          new ModelReply.Refusal(
              status,
              said + " (may these keys call this model, and is it enabled in the account?)");
      default -> {
        if (status >= 500) {
          yield new ModelReply.Silence(503, said);
        }
        // 400, 404, 413 and the like stay so; what is no error at all is a wrong endpoint.
        yield new ModelReply.Refusal(status >= 400 ? status : 424, said);
      }
    };
  }

  private ModelReply overload(int status, HttpReply reply, String said) {
    Duration after = ServerFaults.retryAfter(reply, clock);
    return new ModelReply.Overload(status, after, said);
  }

  /** Returns the exception's name, without the namespace that may stand before or after it. */
  private static String type(HttpReply reply) {
    String type = reply.header("x-amzn-errortype").orElse("");
    String name = type.replaceFirst(":.*", "");
    return name.substring(name.lastIndexOf('#') + 1).strip();
  }
}
