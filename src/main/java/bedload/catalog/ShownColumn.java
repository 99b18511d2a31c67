package bedload.catalog;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A column of a view: what it shows, under which name, and what that means.
 *
 * @param value an SQL expression
 */
record ShownColumn(String value, String name, String description) {
  /** Returns the columns as they stand after {@code select}. */
  static String list(List<ShownColumn> columns) {
    return columns.stream()
        .map(column -> column.value + " as " + Sql.name(column.name))
        .collect(Collectors.joining(",\n       "));
  }

  /** Returns the statements that describe a view and its columns. */
  static Stream<String> comments(String view, String description, List<ShownColumn> columns) {
    return Stream.concat(
        Stream.of("comment on view %s is %s".formatted(view, Sql.literal(description))),
        columns.stream()
            .map(
                column ->
                    "comment on column %s.%s is %s"
                        .formatted(view, Sql.name(column.name), Sql.literal(column.description))));
  }
}
