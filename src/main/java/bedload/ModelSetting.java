package bedload;

import bedload.job.Price;
import bedload.model.ApiKey;
import bedload.model.BedrockBackend;
import bedload.model.ModelEntry;
import bedload.model.Spill;
import bedload.model.body.Droppable;
import bedload.model.body.Family;
import bedload.model.body.ServerKind;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One line of the model map as settings have it: {@code ID=URL#SERVED} as after {@code --model}, or
 * its parts by name.
 */
public record ModelSetting(ModelEntry entry) {
  /** What answers for a model. */
  enum Backend {
    /** An OpenAI-compatible server; needs a url. */
    SERVER,
    /** Amazon Bedrock itself. */
    BEDROCK,
    /** The embedding model that comes with bedload. */
    IN_PROCESS_EMBEDDING,
    /** The echo, which is no language model. */
    ECHO;

    /** Reads the name as settings spell it. */
    @JsonCreator
    static Backend ofName(String name) {
      return Stream.of(values())
          .filter(backend -> backend.settingName().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "no backend is called '%s'; there are %s"
                          .formatted(
                              name, Stream.of(values()).map(Backend::settingName).toList())));
    }

    private String settingName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Reads {@code ID=URL#SERVED}. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ModelSetting ofText(String text) {
    return new ModelSetting(ModelEntry.parse(text));
  }

  /** Puts the parts together; what is absent is null. */
  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static ModelSetting ofParts(
      @JsonProperty("id") @Nullable String id,
      @JsonProperty("backend") @Nullable Backend backend,
      @JsonProperty("url") @Nullable URI url,
      @JsonProperty("served") @Nullable String served,
      @JsonProperty("family") @Nullable String family,
      @JsonProperty("api-key-variable") @Nullable String apiKeyVariable,
      @JsonProperty("api-key-file") @Nullable Path apiKeyFile,
      @JsonProperty("deadline-seconds") @Nullable Integer deadlineSeconds,
      @JsonProperty("initial-in-flight") @Nullable Integer initialInFlight,
      @JsonProperty("max-in-flight") @Nullable Integer maxInFlight,
      @JsonProperty("lenient") @Nullable List<String> lenient,
      @JsonProperty("input-price") @Nullable BigDecimal inputPrice,
      @JsonProperty("output-price") @Nullable BigDecimal outputPrice,
      @JsonProperty("cache-read-price") @Nullable BigDecimal cacheReadPrice,
      @JsonProperty("cache-write-price") @Nullable BigDecimal cacheWritePrice,
      @JsonProperty("endpoints") @Nullable List<URI> endpoints,
      @JsonProperty("region") @Nullable String region,
      @JsonProperty("profile") @Nullable String profile,
      @JsonProperty("spill") @Nullable SpillParts spill,
      @JsonProperty("server") @Nullable String server) {
    if (id == null) {
      throw new IllegalArgumentException("a model needs an id: the one that callers send");
    }
    Backend chosen = backend == null ? Backend.SERVER : backend;
    boolean isElsewhere = chosen == Backend.SERVER || chosen == Backend.BEDROCK;
    refuseUnless(
        isElsewhere,
        id,
        chosen,
        "is in this process, so it takes an id and nothing of a server's",
        url,
        served,
        apiKeyVariable,
        apiKeyFile,
        deadlineSeconds,
        initialInFlight,
        maxInFlight);
    refuseUnless(
        chosen == Backend.SERVER,
        id,
        chosen,
        "takes bodies as they are, and no endpoints, server or lenient",
        endpoints,
        server,
        lenient);
    refuseUnless(
        chosen == Backend.BEDROCK, id, chosen, "takes no region or profile", region, profile);
    ApiKey key = apiKey(id, apiKeyVariable, apiKeyFile);
    Terms terms = new Terms(deadlineSeconds, initialInFlight, maxInFlight);
    ModelEntry.Backend answering =
        switch (chosen) {
          case IN_PROCESS_EMBEDDING -> new ModelEntry.InProcessEmbedding();
          case ECHO -> new ModelEntry.Echo();
          case SERVER ->
              servers(id, url, endpoints, served == null ? id : served, key, terms, kind(server));
          case BEDROCK -> bedrock(region, url, served, profile, key, terms);
        };
    return new ModelSetting(
        new ModelEntry(
            id,
            answering,
            family == null ? null : family(family),
            lenient == null
                ? Set.of()
                : lenient.stream().map(ModelSetting::droppable).collect(Collectors.toSet()),
            price(id, inputPrice, outputPrice, cacheReadPrice, cacheWritePrice),
            spill == null ? null : spill.spill(id)));
  }

  private static void refuseUnless(
      boolean isFit, String id, Backend backend, String why, @Nullable Object... parts) {
    if (!isFit && Stream.of(parts).anyMatch(Objects::nonNull)) {
      throw new IllegalArgumentException(
          "model %s: backend %s %s".formatted(id, backend.settingName(), why));
    }
  }

  /** What is said of how a backend is called; null is as by default. */
  private record Terms(
      @Nullable Integer deadlineSeconds,
      @Nullable Integer initialInFlight,
      @Nullable Integer maxInFlight) {
    Duration deadline() {
      return deadlineSeconds == null
          ? ModelEntry.Server.DEFAULT_DEADLINE
          : Duration.ofSeconds(deadlineSeconds);
    }

    int most(int byDefault) {
      return maxInFlight == null ? byDefault : maxInFlight;
    }

    int initial(int byDefault, int most) {
      return initialInFlight == null ? Math.min(most, byDefault) : initialInFlight;
    }
  }

  private static ModelEntry.Backend servers(
      String id,
      @Nullable URI url,
      @Nullable List<URI> endpoints,
      String served,
      @Nullable ApiKey key,
      Terms terms,
      ServerKind kind) {
    if ((url == null) == (endpoints == null)) {
      throw new IllegalArgumentException(
          "model %s: the url of its server is wanted, or the endpoints of several".formatted(id));
    }
    int most = terms.most(ModelEntry.Server.DEFAULT_MAX_IN_FLIGHT);
    int initial = terms.initial(ModelEntry.Server.DEFAULT_INITIAL_IN_FLIGHT, most);
    List<ModelEntry.Server> servers =
        (endpoints == null ? List.of(Objects.requireNonNull(url)) : endpoints)
            .stream()
                .map(
                    place ->
                        new ModelEntry.Server(
                            place, served, key, terms.deadline(), initial, most, kind))
                .toList();
    return url == null ? new ModelEntry.Replicas(servers) : servers.getFirst();
  }

  private static BedrockBackend bedrock(
      @Nullable String region,
      @Nullable URI url,
      @Nullable String served,
      @Nullable String profile,
      @Nullable ApiKey key,
      Terms terms) {
    int most = terms.most(BedrockBackend.DEFAULT_MAX_IN_FLIGHT);
    return new BedrockBackend(
        region,
        url,
        served,
        profile,
        key,
        terms.deadline(),
        terms.initial(BedrockBackend.DEFAULT_INITIAL_IN_FLIGHT, most),
        most);
  }

  /** Where records go when time runs short, as settings have it. */
  record SpillParts(
      @JsonProperty("to") @Nullable String to,
      @JsonProperty("within-seconds") @Nullable Long withinSeconds) {
    private Spill spill(String id) {
      if (to == null || withinSeconds == null) {
        throw new IllegalArgumentException(
            "model %s: a spill says to which entry, and within-seconds of the job's timeout"
                .formatted(id));
      }
      return new Spill(to, Duration.ofSeconds(withinSeconds));
    }
  }

  private static @Nullable ApiKey apiKey(
      String id, @Nullable String variable, @Nullable Path file) {
    if (variable != null && file != null) {
      throw new IllegalArgumentException(
          "model %s: its key is in api-key-variable or in api-key-file, not in both".formatted(id));
    }
    if (variable != null) {
      return new ApiKey.InEnvironment(variable);
    }
    return file == null ? null : new ApiKey.InFile(file);
  }

  private static @Nullable Price price(
      String id,
      @Nullable BigDecimal input,
      @Nullable BigDecimal output,
      @Nullable BigDecimal cacheRead,
      @Nullable BigDecimal cacheWrite) {
    if (Stream.of(input, output, cacheRead, cacheWrite).allMatch(Objects::isNull)) {
      return null;
    }
    if (input == null || output == null) {
      throw new IllegalArgumentException(
          "model %s: input-price and output-price are given together, per million tokens; those of a cache are given besides"
              .formatted(id));
    }
    return new Price(
        input,
        output,
        cacheRead == null ? input : cacheRead,
        cacheWrite == null ? input : cacheWrite);
  }

  private static Droppable droppable(String name) {
    return Droppable.ofWireName(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "lenient names '%s', which is nothing that can be dropped; there are %s"
                        .formatted(name, Droppable.wireNames())));
  }

  private static ServerKind kind(@Nullable String name) {
    return name == null
        ? ServerKind.ANY
        : ServerKind.ofWireName(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no server is called '%s'; there are %s"
                            .formatted(name, ServerKind.wireNames())));
  }

  private static Family family(String name) {
    return Family.ofWireName(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no family of bodies is called '%s'; there are %s"
                        .formatted(name, Family.wireNames())));
  }
}
