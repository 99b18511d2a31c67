package bedload.catalog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The STRUCT columns of every documented table, with the names of their fields.
 *
 * @param fields the fields by the column's name; if two tables have a column of one name, of both
 */
public record StructNames(Map<String, Set<String>> fields) {
  private static final String STRUCTS =
      """
      select owner.attname, field.attname
        from pg_catalog.pg_class as shown
        join pg_catalog.pg_attribute as owner on owner.attrelid = shown.oid
        join pg_catalog.pg_type as struct on struct.oid = owner.atttypid
        join pg_catalog.pg_attribute as field on field.attrelid = struct.typrelid
       where shown.relnamespace = 'catalog'::regnamespace
         and shown.relkind = 'v'
         and struct.typtype = 'c'
         and owner.attnum > 0
         and field.attnum > 0
         and not field.attisdropped
      """;

  public StructNames {
    fields = Map.copyOf(fields);
  }

  /** Returns the names as they are in the database of a connection that may read the catalog. */
  public static StructNames read(Connection connection) throws SQLException {
    Map<String, Set<String>> fields = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(STRUCTS)) {
      while (rows.next()) {
        fields.computeIfAbsent(rows.getString(1), name -> new HashSet<>()).add(rows.getString(2));
      }
    }
    return new StructNames(fields);
  }

  /** Says whether a STRUCT column of that name has a field of that name. */
  boolean has(String column, String field) {
    return fields.getOrDefault(column, Set.of()).contains(field);
  }
}
