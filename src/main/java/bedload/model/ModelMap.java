package bedload.model;

import bedload.job.Price;
import bedload.model.body.Family;
import bedload.model.minilm.MiniLm;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which model id is answered by which backend. The first entry that fits counts. Owns the backends'
 * connections and memory. Thread-safe.
 */
public final class ModelMap implements AutoCloseable {
  /** The ids that the in-process embedding model answers to unless other entries say otherwise. */
  public static final List<ModelEntry> DEFAULT_ENTRIES =
      List.of(
          new ModelEntry("amazon.titan-embed-text-v2:0", new ModelEntry.InProcessEmbedding(), null),
          new ModelEntry(
              "sentence-transformers.all-minilm-l6-v2", new ModelEntry.InProcessEmbedding(), null));

  /** Two texts a worker, so that none waits for the next to be handed over. */
  private static final int IN_PROCESS_IN_FLIGHT = 2 * MiniLm.workerCount();

  private static final int ECHO_IN_FLIGHT = 256;

  private final List<Line> lines;
  private final Patience patience;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Backends backends;

  private record Line(
      ModelEntry entry,
      Pattern matcher,
      InFlightLimit limit,
      @Nullable String key,
      CallMeter meter) {}

  /** Makes a map whose calls nobody counts. */
  public ModelMap(
      List<ModelEntry> entries,
      Map<String, String> environment,
      Patience patience,
      InstantSource clock,
      RandomGenerator random) {
    this(entries, environment, patience, clock, random, _ -> CallMeter.NONE);
  }

  /**
   * Makes the map.
   *
   * @param entries the first that fits counts
   * @param environment where the entries' API keys may be
   * @param meters what counts the calls of an entry, by its pattern
   * @throws IllegalArgumentException if a key is not where its entry says
   */
  public ModelMap(
      List<ModelEntry> entries,
      Map<String, String> environment,
      Patience patience,
      InstantSource clock,
      RandomGenerator random,
      Function<String, CallMeter> meters) {
    this.patience = patience;
    this.clock = clock;
    this.random = random;
    this.lines = lines(entries, environment, meters);
    this.backends = new Backends(clock);
  }

  private static List<Line> lines(
      List<ModelEntry> entries,
      Map<String, String> environment,
      Function<String, CallMeter> meters) {
    // Entries that lead to the same model of a server share its limit: the server is one.
    Map<Object, InFlightLimit> limits = new HashMap<>();
    List<Line> lines = new ArrayList<>();
    for (ModelEntry entry : entries) {
      lines.add(
          new Line(
              entry,
              ModelIds.glob(entry.pattern()),
              limits.computeIfAbsent(identity(entry.backend()), _ -> limit(entry.backend())),
              entry.key(environment),
              meters.apply(entry.pattern())));
    }
    return List.copyOf(lines);
  }

  private static Object identity(ModelEntry.Backend backend) {
    return backend instanceof ModelEntry.Server server
        ? List.of(server.url(), server.served())
        : backend;
  }

  private static InFlightLimit limit(ModelEntry.Backend backend) {
    return switch (backend) {
      case ModelEntry.Server server ->
          new InFlightLimit(server.initialInFlight(), server.maxInFlight());
      case ModelEntry.InProcessEmbedding _ ->
          new InFlightLimit(IN_PROCESS_IN_FLIGHT, IN_PROCESS_IN_FLIGHT);
      case ModelEntry.Echo _ -> new InFlightLimit(ECHO_IN_FLIGHT, ECHO_IN_FLIGHT);
    };
  }

  /**
   * Returns the model of an id; empty if no entry fits. An id is looked for as it is, and then
   * without the prefix of its region.
   *
   * @param modelId an id or an ARN
   */
  public Optional<ServedModel> find(String modelId) {
    return match(modelId)
        .map(
            match ->
                new ServedModel(
                    backends.model(match.line().entry(), match.line().key(), match.modelId()),
                    match.line().limit(),
                    match.line().meter(),
                    patience,
                    clock,
                    random));
  }

  /**
   * Returns what tokens of an id's model cost; empty if no entry fits or the entry has no price.
   */
  public Optional<Price> price(String modelId) {
    return match(modelId).flatMap(match -> Optional.ofNullable(match.line().entry().price()));
  }

  /** A line, and the spelling of the id that it fits. */
  private record Match(Line line, String modelId) {}

  private Optional<Match> match(String modelId) {
    for (String candidate : ModelIds.candidates(modelId)) {
      for (Line line : lines) {
        if (line.matcher().matcher(candidate).matches()) {
          return Optional.of(new Match(line, candidate));
        }
      }
    }
    return Optional.empty();
  }

  /** Says whether a model answers with vectors; no, if no entry fits. */
  public boolean embeds(String modelId) {
    return match(modelId).map(match -> embeds(match.line().entry(), match.modelId())).orElse(false);
  }

  private static boolean embeds(ModelEntry entry, String modelId) {
    return switch (entry.backend()) {
      case ModelEntry.InProcessEmbedding _ -> true;
      case ModelEntry.Echo _ -> false;
      case ModelEntry.Server _ ->
          Optional.ofNullable(entry.family())
              .or(() -> Family.ofModelId(ModelIds.plain(modelId)))
              .map(Family::embeds)
              .orElse(false);
    };
  }

  /** Returns the patterns of all entries in their order, for messages. */
  public List<String> patterns() {
    return lines.stream().map(line -> line.entry().pattern()).toList();
  }

  /** Closes all connections and frees the in-process model; calls in flight break. */
  @Override
  public void close() {
    backends.close();
  }
}
