package bedload.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way from observations of one type to rows of the store: which member of a document goes into
 * which column. It is worked out once, since a large account has a hundred thousand resources.
 */
final class RowShape {
  /** What is observed besides the columns of the schema file. */
  private static final List<String> OWN =
      List.of("_region", "_tag_map", "_version", "_source", "_observed_at");

  private final ResourceType type;
  private final List<Part> parts = new ArrayList<>();
  private final List<StoredColumn> columns = new ArrayList<>();
  private final List<StoredColumn> keyColumns;
  private final int[] keyPlaces;

  /** A column of the type, or a field. */
  private sealed interface Part {
    Origin origin();

    /**
     * A leaf.
     *
     * @param place of its column among those of the row
     */
    record Value(Origin origin, int place, StoredColumn column) implements Part {}

    /** A STRUCT. */
    record Fields(Origin origin, String dotted, List<Part> parts) implements Part {}
  }

  RowShape(ResourceType type) {
    this.type = type;
    add(type.columns(), List.of(), parts);
    keyColumns = type.keyColumns();
    keyPlaces = keyColumns.stream().mapToInt(columns::indexOf).toArray();
  }

  private void add(List<Column> documented, List<String> parents, List<Part> into) {
    for (Column column : documented) {
      List<String> path = Stream.concat(parents.stream(), Stream.of(column.name())).toList();
      switch (column) {
        case Column.Leaf leaf -> {
          StoredColumn stored = new StoredColumn(path, leaf);
          into.add(new Part.Value(leaf.origin(), columns.size(), stored));
          columns.add(stored);
        }
        case Column.Struct struct -> {
          List<Part> fields = new ArrayList<>();
          add(struct.fields(), path, fields);
          into.add(new Part.Fields(struct.origin(), String.join(".", path), fields));
        }
      }
    }
  }

  /** Returns the columns of a row in their order, with their SQL types. */
  Map<String, String> columns() {
    Map<String, String> all = new StoreTable(type).currentColumns();
    Map<String, String> ofRow = new LinkedHashMap<>();
    Stream.concat(columns.stream().map(StoredColumn::name), OWN.stream())
        .forEach(name -> ofRow.put(name, all.get(name)));
    return ofRow;
  }

  /**
   * Returns an observation as a row.
   *
   * @throws IllegalArgumentException if a value is not of its column's type, or the key is not
   *     whole
   */
  RowContent row(ResourceObservation observation) {
    @Nullable Object[] values = new @Nullable Object[columns.size() + OWN.size()];
    fill(values, parts, observation.document(), observation);
    int own = columns.size();
    values[own] = observation.region();
    values[own + 1] = tagMap(observation.tags());
    values[own + 2] = observation.version();
    values[own + 3] = observation.source();
    values[own + 4] = observation.observedAt();
    return new RowContent(values, key(values, observation));
  }

  private List<String> key(@Nullable Object[] values, ResourceObservation observation) {
    String[] key = new String[keyPlaces.length];
    for (int i = 0; i < key.length; i++) {
      Object value = values[keyPlaces[i]];
      if (value == null) {
        throw new IllegalArgumentException(
            "A %s without its key %s cannot be kept; its document has %s"
                .formatted(
                    type.table(), keyColumns.get(i).dotted(), observation.document().keySet()));
      }
      key[i] = value.toString();
    }
    return List.of(key);
  }

  private static void fill(
      @Nullable Object[] values,
      List<Part> parts,
      Map<?, ?> document,
      ResourceObservation observation) {
    for (Part part : parts) {
      Object sent = sent(part.origin(), document, observation);
      if (sent != null) {
        switch (part) {
          case Part.Value(Origin _, int place, StoredColumn column) ->
              values[place] = StoredValue.of(column, sent);
          case Part.Fields(Origin _, String dotted, List<Part> fields) -> {
            if (!(sent instanceof Map<?, ?> members)) {
              throw new IllegalArgumentException(
                  "Column %s is a STRUCT, what came is a %s: %s"
                      .formatted(dotted, sent.getClass().getSimpleName(), sent));
            }
            fill(values, fields, members, observation);
          }
        }
      }
    }
  }

  private static @Nullable Object sent(
      Origin origin, Map<?, ?> document, ResourceObservation observation) {
    return switch (origin) {
      case Origin.Member member -> document.get(member.name());
      case Origin.Account _ -> observation.account();
      case Origin.Tags _ -> tagTexts(observation.tags());
    };
  }

  private static @Nullable Collection<String> tagTexts(@Nullable Map<String, String> tags) {
    return tags == null
        ? null
        : tags.entrySet().stream().map(tag -> tag.getKey() + ":" + tag.getValue()).toList();
  }

  private static @Nullable Map<String, String> tagMap(@Nullable Map<String, String> tags) {
    if (tags == null) {
      return null;
    }
    Map<String, String> kept = new TreeMap<>();
    tags.forEach((key, value) -> kept.put(StoredValue.text(key), StoredValue.text(value)));
    return kept;
  }
}
