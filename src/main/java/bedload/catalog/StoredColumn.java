package bedload.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * A leaf of a resource type as the plain column that keeps it.
 *
 * @param path the documented names that lead to the leaf, its own last
 */
record StoredColumn(List<String> path, Column.Leaf leaf) {
  StoredColumn {
    path = List.copyOf(path);
  }

  /** Returns the name of the plain column. */
  String name() {
    return Sql.fitting(String.join("__", path));
  }

  /** Returns the path as users write it. */
  String dotted() {
    return String.join(".", path);
  }

  /** Returns every leaf of the columns, in document order. */
  static List<StoredColumn> of(List<Column> columns) {
    List<StoredColumn> found = new ArrayList<>();
    collect(List.of(), columns, found);
    return List.copyOf(found);
  }

  private static void collect(List<String> parents, List<Column> columns, List<StoredColumn> into) {
    for (Column column : columns) {
      List<String> path = new ArrayList<>(parents);
      path.add(column.name());
      switch (column) {
        case Column.Leaf leaf -> into.add(new StoredColumn(path, leaf));
        case Column.Struct struct -> collect(path, struct.fields(), into);
      }
    }
  }
}
