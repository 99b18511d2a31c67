package bedload.model;

import bedload.job.Arns;
import bedload.job.ModelInvocationType;
import bedload.job.TokenUsage;
import bedload.model.body.Family;
import bedload.model.body.ModelOutput;
import bedload.model.body.NativeAnswer;
import bedload.model.body.UnusableAnswer;
import bedload.model.http.HttpOutcome;
import bedload.model.http.HttpReply;
import bedload.model.http.HttpTransport;
import bedload.trace.CallSpan;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * A model on Amazon Bedrock: InvokeModel or Converse as plain JSON, without AWS's client between. A
 * record is sent once; what AWS's clients would do about throttling is done as for every other
 * backend.
 */
final class BedrockRuntime implements Model {
  private final HttpTransport transport;
  private final String endpoint;
  private final String modelId;
  private final Duration deadline;
  private final CallSigner signer;
  private final BedrockFaults faults;

  /**
   * Makes the model.
   *
   * @param endpoint without a slash at its end
   * @param modelId an id, or the ARN of an inference profile
   */
  BedrockRuntime(
      HttpTransport transport,
      String endpoint,
      String modelId,
      Duration deadline,
      CallSigner signer,
      InstantSource clock) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.modelId = modelId;
    this.deadline = deadline;
    this.signer = signer;
    this.faults = new BedrockFaults(endpoint, clock);
  }

  @Override
  public ModelReply invoke(byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    URI url = url(type);
    CallSpan span = CallSpan.current();
    span.asks(operation(), "aws.bedrock", modelId);
    span.sentTo(url);
    HttpOutcome outcome;
    try {
      outcome = transport.post(url, signer.headers(url, modelInput), modelInput, deadline);
    } catch (SdkClientException noKeys) {
      return new ModelReply.Silence(
          424, "No keys for Bedrock at %s: %s".formatted(endpoint, noKeys.getMessage()));
    }
    return switch (outcome) {
      case HttpOutcome.Replied(HttpReply reply) when reply.status() == 200 -> answer(reply);
      case HttpOutcome.Replied(HttpReply reply) -> faults.reply(reply);
      case HttpOutcome.Broken(String message) ->
          new ModelReply.Silence(503, "Bedrock at %s: %s".formatted(endpoint, message));
      case HttpOutcome.Late _ ->
          new ModelReply.Silence(
              408,
              "Bedrock at %s gave no whole answer within %d ms"
                  .formatted(endpoint, deadline.toMillis()));
      case HttpOutcome.TooLarge(long limitBytes) ->
          new ModelReply.Refusal(
              424,
              "Bedrock at %s answered with more than %d MiB, the most that is taken"
                  .formatted(endpoint, limitBytes >> 20));
    };
  }

  private CallSpan.Operation operation() {
    return Family.ofModelId(Arns.bareModelId(modelId)).filter(Family::embeds).isPresent()
        ? CallSpan.Operation.EMBEDDINGS
        : CallSpan.Operation.CHAT;
  }

  private URI url(ModelInvocationType type) {
    String operation =
        switch (type) {
          case INVOKE_MODEL -> "invoke";
          case CONVERSE -> "converse";
        };
    return URI.create(
        "%s/model/%s/%s"
            .formatted(endpoint, URLEncoder.encode(modelId, StandardCharsets.UTF_8), operation));
  }

  private ModelReply answer(HttpReply reply) {
    try {
      ModelOutput output = NativeAnswer.read(reply.body(), usage(reply));
      return new ModelReply.Answer(output.json(), output.usage());
    } catch (UnusableAnswer unusable) {
      return new ModelReply.Silence(
          424,
          "Bedrock at %s answered 200, but not as agreed: %s"
              .formatted(endpoint, unusable.getMessage()));
    }
  }

  /** Returns the counts that InvokeModel has in its headers. */
  private static TokenUsage usage(HttpReply reply) {
    return new TokenUsage(
        count(reply, "input"),
        count(reply, "output"),
        count(reply, "cache-read-input"),
        count(reply, "cache-write-input"));
  }

  private static @Nullable Long count(HttpReply reply, String which) {
    return reply
        .header("x-amzn-bedrock-%s-token-count".formatted(which))
        .filter(digits -> digits.matches("[0-9]{1,18}"))
        .map(Long::valueOf)
        .orElse(null);
  }

  @Override
  public String servedBy() {
    return "%s at %s".formatted(modelId, endpoint);
  }
}
