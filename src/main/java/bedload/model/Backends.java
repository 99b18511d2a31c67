package bedload.model;

import bedload.model.body.Family;
import bedload.model.http.ConnectionRules;
import bedload.model.http.HttpTransport;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What answers behind the entries of a model map. Owns connections and memory. Thread-safe. */
final class Backends implements AutoCloseable {
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final Map<ModelEntry.Replicas, ReplicaBoard> boards = new ConcurrentHashMap<>();
  private final AwsKeys awsKeys = new AwsKeys();
  private final HttpTransport transport;
  private final MiniLmLoader weights = new MiniLmLoader();

  /** Keeps connections for as long as is usual. */
  Backends(Map<String, String> environment, InstantSource clock) {
    this(environment, clock, ConnectionRules.DEFAULT);
  }

  /**
   * @param environment where AWS's variables are
   * @param connections how long those to servers are kept
   */
  Backends(Map<String, String> environment, InstantSource clock, ConnectionRules connections) {
    this.transport = new HttpTransport(connections);
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  /**
   * Returns the model that answers for an id.
   *
   * @param key what the entry's server wants to see; null if it wants none
   * @param modelId one that the entry's pattern fits
   */
  Model model(ModelEntry entry, @Nullable String key, String modelId) {
    return switch (entry.backend()) {
      case ModelEntry.InProcessEmbedding _ ->
          new MiniLmEmbedding(
              weights,
              Optional.ofNullable(entry.family())
                  .or(() -> Family.ofModelId(ModelIds.plain(modelId)).filter(Family::embeds))
                  .orElse(Family.TITAN_EMBEDDING));
      case ModelEntry.Echo _ -> new EchoModel();
      case ModelEntry.Server server -> served(entry, server, key, modelId);
      case ModelEntry.Replicas replicas ->
          new ReplicatedModel(
              replicas.servers().stream()
                  .map(server -> served(entry, server, key, modelId))
                  .toList(),
              boards.computeIfAbsent(replicas, Backends::board));
      case BedrockBackend bedrock -> bedrock(bedrock, key, modelId);
    };
  }

  private Model served(
      ModelEntry entry, ModelEntry.Server server, @Nullable String key, String modelId) {
    Optional<Family> family =
        Optional.ofNullable(entry.family()).or(() -> Family.ofModelId(ModelIds.plain(modelId)));
    return family.isPresent()
        ? new OpenAiServer(transport, server, key, family.get(), entry.lenient(), clock)
        : new UntranslatedModel(modelId, server);
  }

  private static ReplicaBoard board(ModelEntry.Replicas replicas) {
    List<ModelEntry.Server> servers = replicas.servers();
    return new ReplicaBoard(
        servers.stream().map(server -> server.url().toString()).toList(),
        servers.getFirst().maxInFlight(),
        System::nanoTime);
  }

  private Model bedrock(BedrockBackend bedrock, @Nullable String key, String modelId) {
    CallSigner signer =
        key != null
            ? CallSigner.bearer(key)
            : CallSigner.sigV4(awsKeys.of(bedrock.profile()), bedrock.regionIn(environment), clock);
    return new BedrockRuntime(
        transport,
        bedrock.endpoint(environment),
        bedrock.served() == null ? modelId : bedrock.served(),
        bedrock.deadline(),
        signer,
        clock);
  }

  /** Closes all connections and frees the in-process model; calls in flight break. */
  @Override
  public void close() {
    transport.close();
    weights.close();
    awsKeys.close();
  }
}
