package bedload.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A kind of cloud resource: what its schema file says.
 *
 * @param table the documented table's name
 * @param ddsqlTable what Datadog's SQL calls the same table, schema and name
 * @param title what one resource is called
 * @param summary what a row is
 * @param key the columns that tell one resource from every other
 * @param displayName the column by which people know a resource
 * @param leftOut members of the provider's document that the table has no column for, on purpose
 * @param columns in the documented order
 */
public record ResourceType(
    String table,
    String ddsqlTable,
    String title,
    String summary,
    List<String> key,
    String displayName,
    Terminal terminal,
    List<String> leftOut,
    List<Column> columns,
    List<Relation> relations,
    CollectPlan collect,
    List<Example> examples) {

  /** The values of a column with which a resource has come to rest and never changes again. */
  public record Terminal(String column, List<String> values) {
    public Terminal {
      values = List.copyOf(values);
    }
  }

  /**
   * A column whose values name resources of another type.
   *
   * @param column a dotted path where it is a field
   * @param to the other type's table and column
   */
  public record Relation(String column, String to) {}

  /** A query that shows what the table is good for. */
  public record Example(String title, String sql) {}

  /**
   * Checks that everything that the file names is there.
   *
   * @throws IllegalArgumentException naming what is missing or there twice
   */
  public ResourceType {
    key = List.copyOf(key);
    leftOut = List.copyOf(leftOut);
    columns = List.copyOf(columns);
    relations = List.copyOf(relations);
    examples = List.copyOf(examples);
    List<StoredColumn> stored = StoredColumn.of(columns);
    requireDistinct("column", stored.stream().map(StoredColumn::name).toList());
    requireDistinct("column", columns.stream().map(Column::name).toList());
    requireNoneOf(TimeViews.OF_VERSION, columns);
    requireDistinct("STRUCT type", structs(columns).map(Column.Struct::typeName).toList());
    requireOne(Origin.Account.class, stored);
    requireOne(Origin.Tags.class, stored);
    Set<String> known = new HashSet<>(stored.stream().map(StoredColumn::dotted).toList());
    if (key.isEmpty()) {
      throw new IllegalArgumentException("the key names no column");
    }
    named(key, displayName, terminal, relations, collect)
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "'%s' is named as a column, but there is none; there are %s"
                      .formatted(name, stored.stream().map(StoredColumn::dotted).toList()));
            });
  }

  /** Returns the column that says how far a resource has come. */
  StoredColumn statusColumn() {
    return storedColumn(terminal.column()).orElseThrow();
  }

  /** Returns every leaf as the plain column that keeps it, in document order. */
  List<StoredColumn> storedColumns() {
    return StoredColumn.of(columns);
  }

  /** Returns the leaf of a dotted path; empty if there is none. */
  Optional<StoredColumn> storedColumn(String dotted) {
    return storedColumns().stream().filter(column -> column.dotted().equals(dotted)).findFirst();
  }

  /** Returns the column by which people know a resource. */
  StoredColumn displayColumn() {
    return storedColumn(displayName).orElseThrow();
  }

  /** Returns the key's columns. */
  List<StoredColumn> keyColumns() {
    return storedColumns().stream().filter(column -> key.contains(column.dotted())).toList();
  }

  /** Returns the only column whose value comes from there. */
  StoredColumn columnFrom(Class<? extends Origin> origin) {
    return storedColumns().stream()
        .filter(column -> origin.isInstance(column.leaf().origin()))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Returns where providers' documents have a column.
   *
   * @param dotted the column, a field of a STRUCT by its path
   */
  public DocumentPath path(String dotted) {
    return DocumentPath.of(columns, dotted);
  }

  /** Returns every STRUCT, each after the ones that it is made of. */
  List<Column.Struct> structs() {
    return structs(columns).toList();
  }

  private static Stream<Column.Struct> structs(List<Column> columns) {
    List<Column.Struct> found = new ArrayList<>();
    for (Column column : columns) {
      if (column instanceof Column.Struct struct) {
        structs(struct.fields()).forEach(found::add);
        found.add(struct);
      }
    }
    return found.stream();
  }

  private static Stream<String> named(
      List<String> key,
      String displayName,
      Terminal terminal,
      List<Relation> relations,
      CollectPlan collect) {
    return Stream.of(
            key.stream(),
            Stream.of(displayName, terminal.column()),
            relations.stream().map(Relation::column),
            collect.list().filters().stream().map(CollectPlan.Filter::column),
            collect.get().stream().map(lookup -> lookup.call().column()),
            collect.incremental().stream().map(CollectPlan.Incremental::column),
            collect.tags().stream().map(tags -> tags.call().column()))
        .flatMap(names -> names);
  }

  private static void requireDistinct(String what, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "two of the kind '%s' are called '%s'".formatted(what, name));
      }
    }
  }

  private static void requireNoneOf(List<String> taken, List<Column> columns) {
    columns.stream()
        .map(Column::name)
        .filter(taken::contains)
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "a column may not be called '%s': the table's history says by these what a version is: %s"
                      .formatted(name, taken));
            });
  }

  private static void requireOne(Class<? extends Origin> origin, List<StoredColumn> columns) {
    long found =
        columns.stream().filter(column -> origin.isInstance(column.leaf().origin())).count();
    if (found != 1) {
      throw new IllegalArgumentException(
          "one column must be 'from: %s', found are %d"
              .formatted(origin.getSimpleName().toLowerCase(Locale.ROOT), found));
    }
  }
}
