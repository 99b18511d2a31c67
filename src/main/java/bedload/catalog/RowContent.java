package bedload.catalog;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** An observation as the row that the store keeps: flat, by the names of the store's columns. */
final class RowContent {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ResourceObservation observation;
  private final Map<String, Object> row = new LinkedHashMap<>();

  private RowContent(ResourceObservation observation) {
    this.observation = observation;
  }

  /**
   * Returns an observation as a row.
   *
   * @throws IllegalArgumentException if a value is not of its column's type, or the key is not
   *     whole
   */
  static RowContent of(ResourceObservation observation) {
    RowContent content = new RowContent(observation);
    content.fill();
    return content;
  }

  /** Returns the key's values, in the order of the key's columns. */
  List<String> key() {
    return observation.type().keyColumns().stream()
        .map(column -> String.valueOf(row.get(column.name())))
        .toList();
  }

  /** Returns rows as a JSON array; what the provider did not send is not in it. */
  static String json(List<RowContent> rows) {
    return JSON.writeValueAsString(rows.stream().map(content -> content.row).toList());
  }

  private void fill() {
    fill(observation.type().columns(), List.of(), observation.document());
    for (StoredColumn key : observation.type().keyColumns()) {
      if (!row.containsKey(key.name())) {
        throw new IllegalArgumentException(
            "A %s without its key %s cannot be kept; its document has %s"
                .formatted(
                    observation.type().table(), key.dotted(), observation.document().keySet()));
      }
    }
    row.put("_region", observation.region());
    if (observation.source() != null) {
      row.put("_source", observation.source());
    }
    row.put("_version", observation.version());
    row.put("_observed_at", observation.observedAt().toString());
    Map<String, String> tags = observation.tags();
    if (tags != null) {
      Map<String, String> kept = new TreeMap<>();
      tags.forEach((key, value) -> kept.put(StoredValue.text(key), StoredValue.text(value)));
      row.put("_tag_map", kept);
    }
  }

  private void fill(List<Column> columns, List<String> parents, Map<?, ?> document) {
    for (Column column : columns) {
      List<String> path = Stream.concat(parents.stream(), Stream.of(column.name())).toList();
      Object value = sent(column.origin(), document);
      if (value != null) {
        put(column, path, value);
      }
    }
  }

  private void put(Column column, List<String> path, Object value) {
    switch (column) {
      case Column.Leaf leaf -> {
        StoredColumn stored = new StoredColumn(path, leaf);
        row.put(stored.name(), StoredValue.of(stored, value));
      }
      case Column.Struct struct -> {
        if (!(value instanceof Map<?, ?> members)) {
          throw new IllegalArgumentException(
              "Column %s is a STRUCT, what came is a %s: %s"
                  .formatted(String.join(".", path), value.getClass().getSimpleName(), value));
        }
        fill(struct.fields(), path, members);
      }
    }
  }

  private @Nullable Object sent(Origin origin, Map<?, ?> document) {
    return switch (origin) {
      case Origin.Member member -> document.get(member.name());
      case Origin.Account _ -> observation.account();
      case Origin.Tags _ -> tagTexts();
    };
  }

  private @Nullable Collection<String> tagTexts() {
    Map<String, String> tags = observation.tags();
    return tags == null
        ? null
        : tags.entrySet().stream().map(tag -> tag.getKey() + ":" + tag.getValue()).toList();
  }
}
