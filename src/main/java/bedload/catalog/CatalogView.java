package bedload.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The documented table, as a view over the store: its columns and no others, under their names, in
 * their order, with STRUCTs as composite types. The planner folds {@code (row(a, b)::t).a} to
 * {@code a}, so an index on the plain column serves the field too.
 */
final class CatalogView {
  static final String SCHEMA = "catalog.";

  private final ResourceType type;
  private final StoreTable store;
  private final Mask mask;

  CatalogView(ResourceType type, StoreTable store) {
    this.type = type;
    this.store = store;
    this.mask = Mask.of(type);
  }

  /** Returns the qualified name. */
  String name() {
    return SCHEMA + Sql.name(type.table());
  }

  /** Returns the qualified name of a composite type. */
  static String structType(String typeName) {
    return SCHEMA + Sql.name(typeName);
  }

  /** Returns the documented columns, as they are made from either of the store's tables. */
  List<ShownColumn> columns() {
    return type.columns().stream()
        .map(column -> new ShownColumn(value(column), column.name(), column.description()))
        .toList();
  }

  /** Returns the statements that make the view and the composite types that it stands on. */
  List<String> create() {
    List<String> statements = new ArrayList<>();
    type.structs().forEach(struct -> statements.add(createType(struct)));
    // With the reader's own rights, so that row security on the store holds for who asks.
    statements.add(
        """
        create view %s with (security_invoker = true) as
        select %s
          from %s
        """
            .formatted(name(), ShownColumn.list(columns()), store.current()));
    statements.addAll(comments());
    return statements;
  }

  private List<String> comments() {
    List<String> statements =
        new ArrayList<>(ShownColumn.comments(name(), type.summary(), columns()).toList());
    for (Column.Struct struct : type.structs()) {
      struct
          .fields()
          .forEach(field -> statements.add(comment(structType(struct.typeName()), field)));
    }
    return statements;
  }

  private static String comment(String relation, Column column) {
    return "comment on column %s.%s is %s"
        .formatted(relation, Sql.name(column.name()), Sql.literal(column.description()));
  }

  private static String createType(Column.Struct struct) {
    return "create type %s as (%s)"
        .formatted(
            structType(struct.typeName()),
            struct.fields().stream()
                .map(field -> Sql.name(field.name()) + " " + sqlType(field))
                .collect(Collectors.joining(", ")));
  }

  private static String sqlType(Column column) {
    return switch (column) {
      case Column.Leaf leaf -> leaf.type().sqlType();
      case Column.Struct struct -> structType(struct.typeName());
    };
  }

  /** Returns what shows a column, out of the store's columns. */
  String value(Column column) {
    return value(column, List.of());
  }

  private String value(Column column, List<String> parents) {
    List<String> path = new ArrayList<>(parents);
    path.add(column.name());
    return switch (column) {
      case Column.Leaf leaf -> mask.over(new StoredColumn(path, leaf));
      case Column.Struct struct -> struct(struct, path);
    };
  }

  private String struct(Column.Struct struct, List<String> path) {
    String row =
        "row(%s)::%s"
            .formatted(
                struct.fields().stream()
                    .map(field -> value(field, path))
                    .collect(Collectors.joining(", ")),
                structType(struct.typeName()));
    if (struct.required()) {
      return row;
    }
    String leaves =
        StoredColumn.of(struct.fields()).stream()
            .map(leaf -> new StoredColumn(joined(path, leaf.path()), leaf.leaf()))
            .map(leaf -> Sql.name(leaf.name()))
            .collect(Collectors.joining(", "));
    return "case when num_nonnulls(%s) > 0 then %s end".formatted(leaves, row);
  }

  private static List<String> joined(List<String> parents, List<String> path) {
    List<String> all = new ArrayList<>(parents);
    all.addAll(path);
    return all;
  }
}
