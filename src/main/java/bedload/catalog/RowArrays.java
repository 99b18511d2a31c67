package bedload.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows as parameters of a statement: an array of texts for each column. PostgreSQL reads a thousand
 * rows so in a quarter of the time that they take as JSON.
 */
final class RowArrays {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, String> columns;
  private final List<String> names;

  /**
   * @param columns the columns with their SQL types
   */
  RowArrays(Map<String, String> columns) {
    this.columns = columns;
    this.names = List.copyOf(columns.keySet());
  }

  /** Returns the rows as a table for a statement's from, its columns of their types. */
  String table() {
    return """
    (select %s
       from unnest(%s) as given (%s))"""
        .formatted(
            list(
                name ->
                    "cast(given.%1$s as %2$s) as %1$s"
                        .formatted(Sql.name(name), columns.get(name))),
            IntStream.range(0, names.size())
                .mapToObj("cast(:c%d as text[])"::formatted)
                .collect(Collectors.joining(", ")),
            list(Sql::name));
  }

  private String list(Function<String, String> each) {
    return names.stream().map(each).collect(Collectors.joining(", "));
  }

  /**
   * Gives the rows to a statement that has {@link #table} in it.
   *
   * @param value returns a row's value of a column; null for none. What it returns is written as
   *     its text, a list as PostgreSQL's array, a map as JSON
   */
  <T> Query bind(Query query, List<T> rows, ValueOf<T> value) {
    for (int column = 0; column < names.size(); column++) {
      @Nullable String[] texts = new @Nullable String[rows.size()];
      for (int row = 0; row < texts.length; row++) {
        texts[row] = text(value.of(rows.get(row), column));
      }
      query.bind("c" + column, array(texts));
    }
    return query;
  }

  /** An array of texts by its class goes to the server as it is; any other is quoted first. */
  private static Argument array(@Nullable String[] texts) {
    return (place, statement, _) ->
        statement.setArray(place, statement.getConnection().createArrayOf("text", texts));
  }

  /** What a row has in a column, by the column's place. */
  interface ValueOf<T> {
    @Nullable Object of(T row, int column);
  }

  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Collection<?> texts -> arrayLiteral(texts);
      case Map<?, ?> map -> JSON.writeValueAsString(map);
      default -> value.toString();
    };
  }

  /** Quotes every text, so that none is taken for null or for the end of the array. */
  static String arrayLiteral(Collection<?> texts) {
    List<String> quoted = new ArrayList<>();
    for (Object text : texts) {
      quoted.add('"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    return '{' + String.join(",", quoted) + '}';
  }
}
