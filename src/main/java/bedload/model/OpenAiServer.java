package bedload.model;

import bedload.job.ModelInvocationType;
import bedload.job.Traceparent;
import bedload.model.body.Droppable;
import bedload.model.body.Family;
import bedload.model.body.Json;
import bedload.model.body.ModelOutput;
import bedload.model.body.Served;
import bedload.model.body.ServerCall;
import bedload.model.body.UnfitBody;
import bedload.model.body.UnusableAnswer;
import bedload.model.http.HttpOutcome;
import bedload.model.http.HttpTransport;
import bedload.trace.CallSpan;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A model on an OpenAI-compatible server, for records of one family. */
final class OpenAiServer implements Model {
  private final HttpTransport transport;
  private final ModelEntry.Server server;
  private final Map<String, String> headers;
  private final Family family;
  private final Served served;
  private final ServerFaults faults;

  /**
   * Makes the model.
   *
   * @param lenient what may be dropped of a body
   * @param key what the server wants to see as a bearer's token; null if it wants none
   */
  OpenAiServer(
      HttpTransport transport,
      ModelEntry.Server server,
      @Nullable String key,
      Family family,
      Set<Droppable> lenient,
      InstantSource clock) {
    this.transport = transport;
    this.server = server;
    this.headers = key == null ? Map.of() : Map.of("Authorization", "Bearer " + key);
    this.family = family;
    this.served = new Served(server.served(), lenient, server.kind());
    this.faults = new ServerFaults("The model server at " + server.url(), clock);
  }

  @Override
  public ModelReply invoke(byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    try {
      JsonNode input = Json.input(modelInput);
      Family spoken = family.under(type);
      ServerCall call = spoken.toServer(input, served);
      URI address = address(call.path());
      CallSpan span = CallSpan.current();
      span.asks(call.operation(), "openai", server.served());
      span.sentTo(address);
      long sent = System.nanoTime();
      HttpOutcome outcome = transport.post(address, headers(span), call.body(), server.deadline());
      Duration took = Duration.ofNanos(System.nanoTime() - sent);
      return reply(outcome, spoken, input, took);
    } catch (UnfitBody unfit) {
      return new ModelReply.Refusal(400, unfit.getMessage());
    }
  }

  private Map<String, String> headers(CallSpan span) {
    Optional<String> traceparent = span.traceparent();
    if (traceparent.isEmpty()) {
      return headers;
    }
    Map<String, String> all = new HashMap<>(headers);
    all.put(Traceparent.HEADER, traceparent.get());
    return all;
  }

  private ModelReply reply(HttpOutcome outcome, Family spoken, JsonNode input, Duration took) {
    return switch (outcome) {
      case HttpOutcome.Replied replied when replied.reply().status() == 200 ->
          answer(replied.reply().body(), spoken, input, took);
      case HttpOutcome.Replied replied -> faults.reply(replied.reply());
      case HttpOutcome.Broken broken ->
          new ModelReply.Silence(
              503, "The model server at %s: %s".formatted(server.url(), broken.message()));
      case HttpOutcome.Late _ ->
          new ModelReply.Silence(
              424,
              "The model server at %s gave no whole answer within %s"
                  .formatted(server.url(), seconds(server.deadline())));
      case HttpOutcome.TooLarge large ->
          new ModelReply.Refusal(
              424,
              "The model server at %s answered with more than %d MiB, the most that is taken"
                  .formatted(server.url(), large.limitBytes() >> 20));
    };
  }

  private ModelReply answer(byte[] body, Family spoken, JsonNode input, Duration took) {
    try {
      ModelOutput output = spoken.timed(spoken.fromServer(body, input, served), took);
      return new ModelReply.Answer(output.json(), output.usage());
    } catch (UnusableAnswer unusable) {
      return new ModelReply.Silence(
          424,
          "The model server at %s answered 200, but not as agreed: %s"
              .formatted(server.url(), unusable.getMessage()));
    }
  }

  private URI address(String path) {
    String base = server.url().toString();
    return URI.create(base.endsWith("/") ? base + path : base + "/" + path);
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  @Override
  public String servedBy() {
    return "%s at %s".formatted(server.served(), server.url());
  }
}
