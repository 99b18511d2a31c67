package bedload.catalog;

import bedload.catalog.ArrayBytes.Element;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;
import tools.jackson.databind.json.JsonMapper;

/** Rows as parameters of a statement: an array for each column, as PostgreSQL reads it fastest. */
final class RowArrays {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Bytes of a value, by experience. */
  private static final int USUAL_LENGTH = 32;

  private final Map<String, String> types;
  private final List<String> names;
  private final List<Element> elements;

  /**
   * @param columns the columns with their SQL types
   */
  RowArrays(Map<String, String> columns) {
    this.types = columns;
    this.names = List.copyOf(columns.keySet());
    this.elements = columns.values().stream().map(Element::of).toList();
  }

  /** Returns the columns in their order. */
  List<String> columns() {
    return names;
  }

  /**
   * Returns the rows as a table for a statement's from, its columns of their types.
   *
   * <p>In a list of expressions arrays are unnested side by side; in a from, each would first be
   * unnested to its end and kept.
   */
  String table() {
    return table(names);
  }

  /** As {@link #table()}, with some of the columns. */
  String table(List<String> some) {
    return """
    (select %s
       from (select %s) as given)"""
        .formatted(
            list(
                some,
                name ->
                    "cast(given.%1$s as %2$s) as %1$s".formatted(Sql.name(name), types.get(name))),
            list(
                some,
                name ->
                    "unnest(cast(:%s as %s[])) as %s"
                        .formatted(
                            parameter(name),
                            elements.get(names.indexOf(name)).sqlType(),
                            Sql.name(name))));
  }

  private String parameter(String name) {
    return "c" + names.indexOf(name);
  }

  private static String list(List<String> names, UnaryOperator<String> each) {
    return names.stream().map(each).collect(Collectors.joining(", "));
  }

  /**
   * Returns the rows as arrays. One of a column without any value is empty, which gives nulls
   * beside others.
   *
   * @param value returns a row's value of a column; null for none. It is of the column's type; for
   *     a type that goes as text its text is written, a list as PostgreSQL's array, a map as JSON
   */
  <T> List<byte[]> of(List<T> rows, ValueOf<T> value) {
    List<byte[]> arrays = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      Element element = elements.get(column);
      ArrayBytes array = new ArrayBytes(element, USUAL_LENGTH * rows.size());
      for (T row : rows) {
        Object given = value.of(row, column);
        array.add(element == Element.TEXT ? text(given) : given);
      }
      arrays.add(array.finish());
    }
    return arrays;
  }

  /** Gives the arrays to a statement that has {@link #table} in it. */
  Query bind(Query query, List<byte[]> arrays) {
    return bind(query, arrays, names);
  }

  /** As {@link #bind(Query, List)}, to a statement that has some of the columns. */
  Query bind(Query query, List<byte[]> arrays, List<String> some) {
    for (String name : some) {
      int column = names.indexOf(name);
      byte[] array = arrays.get(column);
      int oid = elements.get(column).arrayOid();
      query.bind(
          parameter(name),
          (place, statement, _) ->
              statement.setArray(
                  place,
                  new PgArray(statement.getConnection().unwrap(BaseConnection.class), oid, array)));
    }
    return query;
  }

  /** What a row has in a column, by the column's place. */
  interface ValueOf<T> {
    @Nullable Object of(T row, int column);
  }

  private static @Nullable Object text(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Collection<?> texts -> arrayLiteral(texts);
      case Map<?, ?> map -> JSON.writeValueAsString(map);
      case null, default -> value;
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
