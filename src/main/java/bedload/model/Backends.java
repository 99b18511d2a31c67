package bedload.model;

import bedload.model.body.Family;
import bedload.model.http.HttpTransport;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What answers behind the entries of a model map. Owns connections and memory. Thread-safe. */
final class Backends implements AutoCloseable {
  private final InstantSource clock;
  private final HttpTransport transport = new HttpTransport();
  private final MiniLmLoader weights = new MiniLmLoader();

  Backends(InstantSource clock) {
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
      case ModelEntry.Server server -> {
        Optional<Family> family =
            Optional.ofNullable(entry.family()).or(() -> Family.ofModelId(ModelIds.plain(modelId)));
        yield family.isPresent()
            ? new OpenAiServer(transport, server, key, family.get(), entry.lenient(), clock)
            : new UntranslatedModel(modelId, server);
      }
    };
  }

  /** Closes all connections and frees the in-process model; calls in flight break. */
  @Override
  public void close() {
    transport.close();
    weights.close();
  }
}
