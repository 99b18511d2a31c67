package bedload.catalog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where providers' documents have the value of a column: worked out once, asked of each document.
 */
public final class DocumentPath {
  private final List<String> members;
  private final boolean isTime;

  private DocumentPath(List<String> members, boolean isTime) {
    this.members = List.copyOf(members);
    this.isTime = isTime;
  }

  /**
   * Returns the path to a column.
   *
   * @param dotted the column, a field of a STRUCT by its path
   */
  static DocumentPath of(List<Column> columns, String dotted) {
    List<String> members = new ArrayList<>();
    List<Column> within = columns;
    boolean isTime = false;
    for (String name : dotted.split("\\.", -1)) {
      Column column = named(within, name);
      if (!(column.origin() instanceof Origin.Member(String member))) {
        // Known from elsewhere.
        return new DocumentPath(List.of(), false);
      }
      members.add(member);
      within = column instanceof Column.Struct struct ? struct.fields() : List.of();
      isTime = column instanceof Column.Leaf leaf && leaf.type() == ColumnType.TIMESTAMP;
    }
    return new DocumentPath(members, isTime);
  }

  private static Column named(List<Column> columns, String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "No column %s among %s"
                        .formatted(name, columns.stream().map(Column::name).toList())));
  }

  /** Returns what a document has there; null if that is nothing. */
  public @Nullable Object valueIn(Map<?, ?> document) {
    Object value = members.isEmpty() ? null : document;
    for (String member : members) {
      value = value instanceof Map<?, ?> within ? within.get(member) : null;
    }
    return value;
  }

  /** Returns the time that a document has there; empty if it has none, or it is no time. */
  public Optional<Instant> timeIn(Map<?, ?> document) {
    Object value = isTime ? valueIn(document) : null;
    return Optional.ofNullable(value).map(StoredValue::timestamp);
  }
}
