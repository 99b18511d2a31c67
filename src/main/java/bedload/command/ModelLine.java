package bedload.command;

import bedload.job.Price;
import bedload.model.ModelEntry;
import bedload.model.ModelProbe;
import bedload.model.body.Family;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    if (entry.backend() instanceof ModelEntry.Server server) {
      line.put("deadlineSeconds", server.deadline().toMillis() / 1000.0);
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
      case ModelEntry.InProcessEmbedding _ -> row.put("backend", "in-process-embedding");
      case ModelEntry.Echo _ -> row.put("backend", "echo");
    }
    row.put("served", entry.backend() instanceof ModelEntry.Server server ? server.served() : null);
    row.put("family", entry.oneFamily().map(Family::wireName).orElse("by the model id"));
    row.put(
        "maxInFlight",
        entry.backend() instanceof ModelEntry.Server server ? server.maxInFlight() : null);
    return row;
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
