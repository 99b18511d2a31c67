package bedload.catalog;

import bedload.catalog.Column.Mark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The two tables that keep resources of a type: one row for each as it stands, and one for each
 * version that has ended. Every leaf is a plain column, so that plain indexes serve it; a name that
 * begins with an underscore is the store's own and can clash with no documented one.
 */
final class StoreTable {
  private static final String SCHEMA = "catalog_store.";
  private static final int NAMES_SAMPLED = 1_000;

  private final ResourceType type;

  StoreTable(ResourceType type) {
    this.type = type;
  }

  /** Returns the qualified name of the table of what stands. */
  String current() {
    return SCHEMA + Sql.name(type.table());
  }

  /** Returns the qualified name of the table of what stood once, and does no longer. */
  String history() {
    return SCHEMA + Sql.name(historyName());
  }

  /** Returns the name of {@link #history()} without its schema. */
  String historyName() {
    return type.table() + "_history";
  }

  /** Returns the columns that both tables share, with their SQL types: those of the resource. */
  Map<String, String> resourceColumns() {
    Map<String, String> columns = new LinkedHashMap<>();
    type.storedColumns()
        .forEach(column -> columns.put(column.name(), column.leaf().type().sqlType()));
    columns.put("_region", "text");
    // The tags without loss: in 'key:value' a colon of the key cannot be told from the divider.
    columns.put("_tag_map", "jsonb");
    // Counts the row's versions from 1: it grows when anything above did change, and only then.
    columns.put("_revision", "integer");
    return columns;
  }

  /** Returns every column of {@link #current()} with its SQL type. */
  Map<String, String> currentColumns() {
    Map<String, String> columns = resourceColumns();
    // The source's own order of observations: a lower one comes late and must not overwrite.
    columns.put("_version", "bigint");
    // Null for this service itself.
    columns.put("_source", "text");
    columns.put("_observed_at", "timestamptz");
    columns.put("_first_seen_at", "timestamptz");
    putVersion(columns);
    return columns;
  }

  /** Returns every column of {@link #history()} with its SQL type. */
  Map<String, String> historyColumns() {
    Map<String, String> columns = resourceColumns();
    putVersion(columns);
    columns.put("_valid_to", "timestamptz");
    return columns;
  }

  private static void putVersion(Map<String, String> columns) {
    columns.put("_valid_from", "timestamptz");
    // The columns, by dotted path, that differ from the version before; null in the first.
    columns.put("_changed", "text[]");
  }

  /** Returns all versions, ended or not, as a table for a statement's from. */
  String versions() {
    return """
    (select %1$s, _valid_from, _valid_to, _changed
       from %2$s
      union all
     select %1$s, _valid_from, null, _changed
       from %3$s) as version"""
        .formatted(
            resourceColumns().keySet().stream().map(Sql::name).collect(Collectors.joining(", ")),
            history(),
            current());
  }

  /**
   * Returns the statement that takes versions which stand out of the history, where they once were
   * kept, too.
   */
  String settle() {
    return """
    with standing as (
      delete from %1$s
       where _valid_to is null
      returning *
    )
    update %2$s as kept
       set _valid_from = standing._valid_from, _changed = standing._changed
      from standing
     where %3$s
       and kept._valid_from is null
    """
        .formatted(
            history(),
            current(),
            type.keyColumns().stream()
                .map(column -> "kept.%1$s = standing.%1$s".formatted(Sql.name(column.name())))
                .collect(Collectors.joining(" and ")));
  }

  /** Returns the statement that makes the table of what stands. */
  String createCurrent() {
    return create(
        current(),
        currentColumns(),
        required(
            "_region", "_revision", "_version", "_observed_at", "_first_seen_at", "_valid_from"),
        type.keyColumns().stream().map(StoredColumn::name));
  }

  /** Returns the statement that makes the table of what ever stood. */
  String createHistory() {
    return create(
        history(),
        historyColumns(),
        required("_region", "_revision", "_valid_from", "_valid_to"),
        Stream.concat(type.keyColumns().stream().map(StoredColumn::name), Stream.of("_revision")));
  }

  /**
   * Returns the statements that make the indexes which are not there.
   *
   * @param trigramHome the schema of the extension pg_trgm; empty if there is none
   */
  List<String> createIndexes(Optional<String> trigramHome) {
    List<String> statements = new ArrayList<>();
    StoredColumn account = type.columnFrom(Origin.Account.class);
    for (StoredColumn column : type.storedColumns()) {
      // The index of an account's resources by age serves the account alone too.
      boolean isServed = column.equals(account) && recent().isPresent();
      if (column.leaf().is(Mark.INDEXED) && !isServed) {
        statements.add(index(type.table(), current(), column));
      }
    }
    statements.add(index(historyName(), history(), account));
    recent().ifPresent(statements::add);
    trigramHome
        .filter(_ -> type.displayColumn().leaf().type() == ColumnType.STRING)
        .ifPresent(home -> statements.addAll(List.of(nameParts(home), nameStatistics())));
    return statements;
  }

  /** An account's resources by age, with what is counted of them: counting reads nothing else. */
  private Optional<String> recent() {
    Optional<StoredColumn> age =
        type.collect()
            .incremental()
            .flatMap(newest -> type.storedColumn(newest.column()))
            .filter(column -> column.leaf().type() == ColumnType.TIMESTAMP);
    StoredColumn account = type.columnFrom(Origin.Account.class);
    List<String> counted =
        type.storedColumns().stream()
            .filter(column -> column.leaf().is(Mark.FACET) && !column.equals(account))
            .filter(column -> column.leaf().type() != ColumnType.UNORDERED_LIST_STRING)
            .map(column -> Sql.name(column.name()))
            .toList();
    return age.map(
        column ->
            "create index if not exists %s on %s (%s, %s)%s"
                .formatted(
                    Sql.name(Sql.fitting(type.table() + "__recent")),
                    current(),
                    Sql.name(account.name()),
                    Sql.name(column.name()),
                    counted.isEmpty() ? "" : " include (" + String.join(", ", counted) + ")"));
  }

  private String nameParts(String trigramHome) {
    return "create index if not exists %s on %s using gin (%s %s.gin_trgm_ops)"
        .formatted(
            Sql.name(Sql.fitting(type.table() + "__name_parts")),
            current(),
            Sql.name(type.displayColumn().name()),
            trigramHome);
  }

  /**
   * How many rows have a part of a name is judged by a sample of names. Of a hundred, which is the
   * default, one in a thousand is none or ten: and then newest rows are read until enough are
   * found.
   */
  private String nameStatistics() {
    return "alter table %s alter column %s set statistics %d"
        .formatted(current(), Sql.name(type.displayColumn().name()), NAMES_SAMPLED);
  }

  private static String index(String table, String qualified, StoredColumn column) {
    String name = Sql.name(column.name());
    return "create index if not exists %s on %s using %s"
        .formatted(
            Sql.name(Sql.fitting(table + "__" + column.name())),
            qualified,
            column.leaf().type() == ColumnType.UNORDERED_LIST_STRING
                // An entry for each row without a list would serve no question.
                ? "gin (%1$s) where %1$s is not null".formatted(name)
                : "btree (%s)".formatted(name));
  }

  private List<String> required(String... own) {
    return Stream.concat(
            Stream.concat(
                    type.keyColumns().stream(), Stream.of(type.columnFrom(Origin.Account.class)))
                .map(StoredColumn::name),
            Stream.of(own))
        .toList();
  }

  private static String create(
      String table, Map<String, String> columns, List<String> required, Stream<String> key) {
    StringBuilder sql = new StringBuilder("create table ").append(table).append(" (\n");
    columns.forEach(
        (name, sqlType) ->
            sql.append(
                "  %s %s%s,\n"
                    .formatted(
                        Sql.name(name), sqlType, required.contains(name) ? " not null" : "")));
    return sql.append(
            "  primary key (%s)\n)".formatted(String.join(", ", key.map(Sql::name).toList())))
        .toString();
  }
}
