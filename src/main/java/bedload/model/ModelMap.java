package bedload.model;

import bedload.job.Arns;
import bedload.job.Price;
import bedload.model.body.Family;
import bedload.model.http.ConnectionRules;
import bedload.model.minilm.MiniLm;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    this(
        entries,
        environment,
        patience,
        clock,
        random,
        _ -> CallMeter.NONE,
        ConnectionRules.DEFAULT);
  }

  /**
   * Makes the map.
   *
   * @param entries the first that fits counts
   * @param environment where the entries' API keys may be
   * @param meters what counts the calls of an entry, by its pattern
   * @param connections how long those to servers are kept
   * @throws IllegalArgumentException if a key is not where its entry says
   */
  public ModelMap(
      List<ModelEntry> entries,
      Map<String, String> environment,
      Patience patience,
      InstantSource clock,
      RandomGenerator random,
      Function<String, CallMeter> meters,
      ConnectionRules connections) {
    this.patience = patience;
    this.clock = clock;
    this.random = random;
    this.lines = lines(entries, environment, meters);
    this.backends = new Backends(environment, clock, connections);
    entries.forEach(this::requireSpill);
  }

  /** A spill that leads nowhere would be found out an hour before a deadline. */
  private void requireSpill(ModelEntry entry) {
    Spill spill = entry.spill();
    if (spill == null) {
      return;
    }
    ModelEntry other =
        match(spill.to())
            .map(found -> found.line().entry())
            .filter(found -> !found.equals(entry))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "model %s: spill goes to %s, which no other entry answers for"
                            .formatted(entry.pattern(), spill.to())));
    Optional<Family> here = entry.oneFamily();
    Optional<Family> there = other.oneFamily();
    if (here.isPresent() && there.isPresent() && !here.equals(there)) {
      throw new IllegalArgumentException(
          "model %s takes bodies of %s, and spill goes to %s, which takes those of %s"
              .formatted(
                  entry.pattern(), here.get().wireName(), spill.to(), there.get().wireName()));
    }
  }

  private static List<Line> lines(
      List<ModelEntry> entries,
      Map<String, String> environment,
      Function<String, CallMeter> meters) {
    Map<Object, InFlightLimit> limits = limits(entries);
    List<Line> lines = new ArrayList<>();
    for (ModelEntry entry : entries) {
      if (entry.backend() instanceof BedrockBackend bedrock) {
        var _ = bedrock.regionIn(environment);
      }
      lines.add(
          new Line(
              entry,
              ModelIds.glob(entry.pattern()),
              Objects.requireNonNull(limits.get(identity(entry))),
              entry.key(environment),
              meters.apply(entry.pattern())));
    }
    return List.copyOf(lines);
  }

  /**
   * Entries that lead to the same model of a server share its limit: the server is one, and what
   * any of them says is too much for it is too much.
   */
  private static Map<Object, InFlightLimit> limits(List<ModelEntry> entries) {
    Map<Object, ModelEntry.Backend> backends = new HashMap<>();
    for (ModelEntry entry : entries) {
      backends.merge(identity(entry), entry.backend(), ModelMap::ofFewerCalls);
    }
    Map<Object, InFlightLimit> limits = new HashMap<>();
    backends.forEach((identity, backend) -> limits.put(identity, limit(backend)));
    return limits;
  }

  private static ModelEntry.Backend ofFewerCalls(ModelEntry.Backend one, ModelEntry.Backend other) {
    return one instanceof ModelEntry.Server first && other instanceof ModelEntry.Server second
        ? first.inFlight(
            Math.min(first.initialInFlight(), second.initialInFlight()),
            Math.min(first.maxInFlight(), second.maxInFlight()))
        : one;
  }

  private static Object identity(ModelEntry entry) {
    return switch (entry.backend()) {
      case ModelEntry.Server server -> List.of(server.url(), server.served());
      // Quotas are a model's: two entries without a name of their own lead to different ones.
      case BedrockBackend bedrock when bedrock.served() == null ->
          List.of(bedrock, entry.pattern());
      case ModelEntry.Replicas _,
          BedrockBackend _,
          ModelEntry.InProcessEmbedding _,
          ModelEntry.Echo _ ->
          entry.backend();
    };
  }

  private static InFlightLimit limit(ModelEntry.Backend backend) {
    return switch (backend) {
      case ModelEntry.Server server ->
          new InFlightLimit(server.initialInFlight(), server.maxInFlight());
      case ModelEntry.Replicas replicas -> {
        int count = replicas.servers().size();
        ModelEntry.Server each = replicas.servers().getFirst();
        yield new InFlightLimit(count * each.initialInFlight(), count * each.maxInFlight());
      }
      case BedrockBackend bedrock ->
          new InFlightLimit(bedrock.initialInFlight(), bedrock.maxInFlight());
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
    return match(modelId).map(this::served);
  }

  /**
   * Returns the model that the next part of a job goes to: that of the job's id, or where its entry
   * spills to, if time runs short and all places of the first are taken.
   *
   * @param left until the job's timeout
   */
  public Optional<ServedModel> find(String modelId, Duration left) {
    return match(modelId).map(match -> served(forPart(match, left)));
  }

  private Match forPart(Match match, Duration left) {
    Spill spill = match.line().entry().spill();
    InFlightLimit limit = match.line().limit();
    if (spill == null || left.compareTo(spill.within()) >= 0 || limit.inFlight() < limit.size()) {
      return match;
    }
    return match(spill.to()).orElse(match);
  }

  private ServedModel served(Match match) {
    return new ServedModel(
        backends.model(match.line().entry(), match.line().key(), match.modelId()),
        match.line().limit(),
        match.line().meter(),
        patience,
        clock,
        random);
  }

  /**
   * Returns what tokens of an id's model cost; empty if no entry fits or the entry has no price.
   */
  public Optional<Price> price(String modelId) {
    return match(modelId).flatMap(match -> Optional.ofNullable(match.line().entry().price()));
  }

  /** A line, and the id that it fits, with the region that it may name. */
  private record Match(Line line, String modelId) {}

  private Optional<Match> match(String modelId) {
    for (String candidate : ModelIds.candidates(modelId)) {
      for (Line line : lines) {
        if (line.matcher().matcher(candidate).matches()) {
          return Optional.of(new Match(line, Arns.bareModelId(modelId)));
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
      case ModelEntry.Server _, ModelEntry.Replicas _, BedrockBackend _ ->
          Optional.ofNullable(entry.family())
              .or(() -> Family.ofModelId(ModelIds.plain(modelId)))
              .map(Family::embeds)
              .orElse(false);
    };
  }

  /**
   * A backend that all nodes call, and this node's limit of it.
   *
   * @param key names it alike on all nodes
   * @param maxInFlight the most calls at once, of all nodes together
   */
  public record Shared(String key, int maxInFlight, Rates rates, InFlightLimit limit) {}

  /** Returns the backends that entries lead to, each once; what answers in process is none. */
  public List<Shared> shared() {
    Map<InFlightLimit, Shared> shared = new LinkedHashMap<>();
    for (Line line : lines) {
      String key = sharedKey(line.entry());
      if (!key.isEmpty()) {
        shared.merge(
            line.limit(),
            new Shared(key, line.limit().most(), line.entry().rates(), line.limit()),
            (one, other) ->
                new Shared(key, one.maxInFlight(), one.rates().and(other.rates()), one.limit()));
      }
    }
    return List.copyOf(shared.values());
  }

  private static String sharedKey(ModelEntry entry) {
    return switch (entry.backend()) {
      case ModelEntry.Server server -> server.url() + "#" + server.served();
      case ModelEntry.Replicas replicas ->
          replicas.servers().stream()
              .map(server -> server.url() + "#" + server.served())
              .collect(Collectors.joining(" "));
      case BedrockBackend bedrock ->
          "bedrock %s %s %s"
              .formatted(
                  Objects.requireNonNullElse(bedrock.region(), ""),
                  Objects.requireNonNullElse(bedrock.profile(), ""),
                  Objects.requireNonNullElse(bedrock.served(), entry.pattern()));
      case ModelEntry.InProcessEmbedding _, ModelEntry.Echo _ -> "";
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
