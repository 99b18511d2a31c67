package bedload.catalog;

import bedload.catalog.Column.Mark;
import java.util.ArrayList;
import java.util.List;

/** What a schema file says of its columns and fields, as rows that users can ask for. */
final class DocumentedColumns {
  private final ResourceType type;
  private final List<String> rows = new ArrayList<>();

  private DocumentedColumns(ResourceType type) {
    this.type = type;
  }

  /** Returns the statements that write the rows of a type anew. */
  static List<String> of(ResourceType type) {
    DocumentedColumns columns = new DocumentedColumns(type);
    int position = 0;
    for (Column column : type.columns()) {
      position++;
      columns.add(column, column.name(), position);
    }
    return List.of(
        "delete from catalog_store.documented_column where table_name = "
            + Sql.literal(type.table()),
        """
        insert into catalog_store.documented_column
               (table_name, column_name, position, documented_type, provider_name, sensitive, description)
        values %s
        """
            .formatted(String.join(",\n       ", columns.rows)));
  }

  private void add(Column column, String path, int position) {
    rows.add(
        "(%s, %s, %d, %s, %s, %b, %s)"
            .formatted(
                Sql.literal(type.table()),
                Sql.literal(path),
                position,
                Sql.literal(column.documentedType()),
                column.origin() instanceof Origin.Member(String name) ? Sql.literal(name) : "null",
                column instanceof Column.Leaf leaf && leaf.is(Mark.SENSITIVE),
                Sql.literal(column.description())));
    if (column instanceof Column.Struct struct) {
      struct.fields().forEach(field -> add(field, path + "." + field.name(), position));
    }
  }
}
