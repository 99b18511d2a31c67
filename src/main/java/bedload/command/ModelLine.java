package bedload.command;

import bedload.job.Price;
import bedload.model.BedrockBackend;
import bedload.model.ModelEntry;
import bedload.model.ModelProbe;
import bedload.model.Spill;
import bedload.model.body.Family;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is told of one entry of the model map.
 *
 * @param cover an earlier entry that fits all that this one fits, so that this one never counts;
 *     null if there is none
 * @param finding null if the model was not called
 */
record ModelLine(
    ModelEntry entry, @Nullable ModelEntry cover, ModelProbe.@Nullable Finding finding) {
  /** Returns the first of the entries that covers another; null if none does. */
  static @Nullable ModelEntry coverOf(ModelEntry entry, List<ModelEntry> earlier) {
    return earlier.stream().filter(other -> other.covers(entry)).findFirst().orElse(null);
  }

  /** Says whether nothing is known against the entry. */
  boolean isSound() {
    return cover == null && !(finding instanceof ModelProbe.Finding.Failed);
  }

  /** Returns all that is known, with names that scripts may rely on. */
  ObjectNode json() {
    ObjectNode line = columns();
    terms(entry.backend())
        .ifPresent(terms -> line.put("deadlineSeconds", terms.deadline().toMillis() / 1000.0));
    Spill spill = entry.spill();
    if (spill != null) {
      line.putObject("spill")
          .put("to", spill.to())
          .put("withinSeconds", spill.within().toSeconds());
    }
    Price price = entry.price();
    if (price != null) {
      line.put("inputPricePerMillion", price.input());
      line.put("outputPricePerMillion", price.output());
      line.put("cacheReadPricePerMillion", price.cacheRead());
      line.put("cacheWritePricePerMillion", price.cacheWrite());
    }
    line.put("ok", isSound());
    trouble().ifPresent(sentence -> line.put("problem", sentence));
    if (finding instanceof ModelProbe.Finding.Answered answered) {
      line.put("answeredInMillis", answered.took().toMillis());
      line.put("inputTokens", answered.usage().input());
      line.put("outputTokens", answered.usage().output());
    }
    return line;
  }

  /** Writes the entries as a table, and below it what is to be said of each. */
  static void writeTable(List<ModelLine> lines, PrintWriter out) {
    List<List<JsonNode>> rows = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (ModelLine line : lines) {
      names.clear();
      List<JsonNode> row = new ArrayList<>();
      line.columns()
          .properties()
          .forEach(
              column -> {
                names.add(column.getKey());
                row.add(column.getValue());
              });
      rows.add(row);
    }
    new TableFormat(out, Terminal.columns()).write(names, rows);
    lines.forEach(line -> line.remark().ifPresent(out::println));
  }

  private ObjectNode columns() {
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("pattern", entry.pattern());
    switch (entry.backend()) {
      case ModelEntry.Server server -> row.put("backend", server.url().toString());
      case ModelEntry.Replicas replicas ->
          row.put(
              "backend",
              replicas.servers().stream()
                  .map(server -> server.url().toString())
                  .collect(Collectors.joining(" ")));
      case BedrockBackend bedrock ->
          row.put(
              "backend",
              Stream.of("bedrock", bedrock.region(), bedrock.profile(), bedrock.url())
                  .filter(Objects::nonNull)
                  .map(Object::toString)
                  .collect(Collectors.joining(" ")));
      case ModelEntry.InProcessEmbedding _ -> row.put("backend", "in-process-embedding");
      case ModelEntry.Echo _ -> row.put("backend", "echo");
    }
    Optional<Terms> terms = terms(entry.backend());
    row.put("served", terms.map(Terms::served).orElse(null));
    row.put("family", entry.oneFamily().map(Family::wireName).orElse("by the model id"));
    row.put("maxInFlight", terms.map(Terms::maxInFlight).orElse(null));
    return row;
  }

  /**
   * What is agreed with a backend elsewhere.
   *
   * @param served null for the id that a job names
   * @param maxInFlight of all its servers together
   */
  private record Terms(@Nullable String served, Duration deadline, int maxInFlight) {}

  private static Optional<Terms> terms(ModelEntry.Backend backend) {
    return switch (backend) {
      case ModelEntry.Server server ->
          Optional.of(new Terms(server.served(), server.deadline(), server.maxInFlight()));
      case ModelEntry.Replicas replicas -> {
        ModelEntry.Server each = replicas.servers().getFirst();
        int most = replicas.servers().size() * each.maxInFlight();
        yield Optional.of(new Terms(each.served(), each.deadline(), most));
      }
      case BedrockBackend bedrock ->
          Optional.of(new Terms(bedrock.served(), bedrock.deadline(), bedrock.maxInFlight()));
      case ModelEntry.InProcessEmbedding _, ModelEntry.Echo _ -> Optional.empty();
    };
  }

  private Optional<String> remark() {
    Optional<String> sentence =
        trouble().or(() -> Optional.ofNullable(finding).map(ModelLine::praise));
    return sentence.map(words -> entry.pattern() + ": " + words);
  }

  private Optional<String> trouble() {
    if (cover != null) {
      return Optional.of(
          "never counts, because %s stands before it and fits all that it fits: move it up or take it out"
              .formatted(cover.pattern()));
    }
    return finding instanceof ModelProbe.Finding.Failed failed
        ? Optional.of(failed.sentence())
        : Optional.empty();
  }

  private static String praise(ModelProbe.Finding finding) {
    return switch (finding) {
      case ModelProbe.Finding.Answered answered ->
          String.format(
              Locale.ROOT,
              "answered in %.2f s (tokens in %s, out %s)",
              answered.took().toMillis() / 1000.0,
              known(answered.usage().input()),
              known(answered.usage().output()));
      case ModelProbe.Finding.Failed failed -> failed.sentence();
    };
  }

  private static String known(@Nullable Long tokens) {
    return tokens == null ? "unknown" : tokens.toString();
  }
}
