package bedload.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table as Datadog's SQL shows it: a column {@code _key} first, STRUCTs as JSON, times without
 * zone in UTC, whole numbers of 64 bits, tags as hstore.
 */
final class DdsqlView {
  /** Kept, because to make it anew for every row of a question takes forty times as long. */
  private static final String TAGS = "_tags_hstore";

  private final ResourceType type;
  private final StoreTable store;
  private final CatalogView view;
  private final String hstoreHome;

  /**
   * @param hstoreHome the schema, as it is written, that the type hstore is in
   */
  DdsqlView(ResourceType type, StoreTable store, CatalogView view, String hstoreHome) {
    this.type = type;
    this.store = store;
    this.view = view;
    this.hstoreHome = hstoreHome;
  }

  /** Returns the statement that takes a type's view away, if there is one. */
  static String drop(ResourceType type) {
    return "drop view if exists " + name(type);
  }

  private static String name(ResourceType type) {
    return schema(type) + "." + Sql.name(type.ddsqlTable().split("\\.", 2)[1]);
  }

  private static String schema(ResourceType type) {
    String[] parts = type.ddsqlTable().split("\\.", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          "ddsql_table is a schema and a name, such as aws.s3_bucket, this is '%s'"
              .formatted(type.ddsqlTable()));
    }
    return Sql.name(parts[0]);
  }

  /**
   * Returns the statements that make it.
   *
   * @param readable whether there is a role of readers to grant it to
   */
  List<String> create(boolean readable) {
    List<String> statements = new ArrayList<>();
    statements.add("create schema if not exists " + schema(type));
    statements.add(
        """
        alter table %1$s add column if not exists %2$s %3$s.hstore generated always as (
          -- Most of what is collected has no tags, and the function takes as long as the rest of a row.
          case when %4$s is null then %3$s.hstore('region', _region)
               else catalog_store.ddsql_tags(%4$s, _region) end) stored
        """
            .formatted(
                store.current(),
                TAGS,
                hstoreHome,
                Sql.name(type.columnFrom(Origin.Tags.class).name())));
    statements.add(
        """
        create view %s with (security_invoker = true) as
        select %s
          from %s
        """
            .formatted(name(type), ShownColumn.list(columns()), store.current()));
    statements.addAll(ShownColumn.comments(name(type), type.summary(), columns()).toList());
    if (readable) {
      statements.add(
          "grant usage on schema %s, ddsql to %s".formatted(schema(type), Readers.GROUP));
      statements.add("grant select on %s to %s".formatted(name(type), Readers.GROUP));
    }
    return statements;
  }

  private List<ShownColumn> columns() {
    List<ShownColumn> columns = new ArrayList<>();
    String key =
        type.keyColumns().stream()
            .map(column -> Sql.name(column.name()))
            .collect(Collectors.joining(" || '/' || "));
    columns.add(new ShownColumn(key, "_key", "What tells the resource from every other."));
    for (Column column : type.columns()) {
      columns.add(new ShownColumn(value(column), column.name(), column.description()));
    }
    return columns;
  }

  private String value(Column column) {
    String shown = view.value(column);
    return switch (column) {
      case Column.Struct _ -> "to_json(%s)".formatted(shown);
      case Column.Leaf leaf when leaf.origin() instanceof Origin.Tags -> TAGS;
      case Column.Leaf leaf ->
          switch (leaf.type()) {
            case TIMESTAMP -> shown + " at time zone 'UTC'";
            case INT32 -> shown + "::bigint";
            case STRING, INT64, BOOLEAN, UNORDERED_LIST_STRING -> shown;
          };
    };
  }
}
