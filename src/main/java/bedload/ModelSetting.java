package bedload;

import bedload.job.Price;
import bedload.model.ApiKey;
import bedload.model.ModelEntry;
import bedload.model.body.Droppable;
import bedload.model.body.Family;
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
      @JsonProperty("cache-write-price") @Nullable BigDecimal cacheWritePrice) {
    if (id == null) {
      throw new IllegalArgumentException("a model needs an id: the one that callers send");
    }
    Backend chosen = backend == null ? Backend.SERVER : backend;
    boolean hasServerParts =
        Stream.of(
                url,
                served,
                apiKeyVariable,
                apiKeyFile,
                deadlineSeconds,
                initialInFlight,
                maxInFlight,
                lenient)
            .anyMatch(Objects::nonNull);
    if (chosen != Backend.SERVER && hasServerParts) {
      throw new IllegalArgumentException(
          "model %s: backend %s is in this process, so it takes an id and nothing of a server's"
              .formatted(id, chosen.settingName()));
    }
    ModelEntry.Backend answering =
        switch (chosen) {
          case IN_PROCESS_EMBEDDING -> new ModelEntry.InProcessEmbedding();
          case ECHO -> new ModelEntry.Echo();
          case SERVER ->
              server(
                  id,
                  url,
                  served,
                  apiKey(id, apiKeyVariable, apiKeyFile),
                  deadlineSeconds,
                  initialInFlight,
                  maxInFlight);
        };
    return new ModelSetting(
        new ModelEntry(
            id,
            answering,
            family == null ? null : family(family),
            lenient == null
                ? Set.of()
                : lenient.stream().map(ModelSetting::droppable).collect(Collectors.toSet()),
            price(id, inputPrice, outputPrice, cacheReadPrice, cacheWritePrice)));
  }

  private static ModelEntry.Server server(
      String id,
      @Nullable URI url,
      @Nullable String served,
      @Nullable ApiKey key,
      @Nullable Integer deadlineSeconds,
      @Nullable Integer initialInFlight,
      @Nullable Integer maxInFlight) {
    if (url == null) {
      throw new IllegalArgumentException("model %s: the url of its server is wanted".formatted(id));
    }
    int max = maxInFlight == null ? ModelEntry.Server.DEFAULT_MAX_IN_FLIGHT : maxInFlight;
    return new ModelEntry.Server(
        url,
        served == null ? id : served,
        key,
        deadlineSeconds == null
            ? ModelEntry.Server.DEFAULT_DEADLINE
            : Duration.ofSeconds(deadlineSeconds),
        initialInFlight == null
            ? Math.min(max, ModelEntry.Server.DEFAULT_INITIAL_IN_FLIGHT)
            : initialInFlight,
        max);
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

  private static Family family(String name) {
    return Family.ofWireName(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no family of bodies is called '%s'; there are %s"
                        .formatted(name, Family.wireNames())));
  }
}
