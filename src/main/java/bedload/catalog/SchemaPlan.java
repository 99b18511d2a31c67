package bedload.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * What a schema file comes to in a database.
 *
 * @param statements everything but the store's two tables: made anew whenever anything changed
 * @param fingerprint a digest of all statements
 */
record SchemaPlan(
    ResourceType type,
    StoreTable store,
    CatalogView view,
    TimeViews inTime,
    List<String> statements,
    String fingerprint) {

  /**
   * Returns the plan of a type.
   *
   * @param readable whether there is a role of readers to grant the view to
   */
  static SchemaPlan of(ResourceType type, boolean readable, Extensions extensions) {
    StoreTable store = new StoreTable(type);
    CatalogView view = new CatalogView(type, store);
    List<String> statements = new ArrayList<>(view.create());
    TimeViews inTime = new TimeViews(type, store, view);
    statements.addAll(inTime.create());
    statements.addAll(store.createIndexes(extensions.trigramHome()));
    List<String> views = Stream.concat(Stream.of(view.name()), inTime.names().stream()).toList();
    statements.addAll(new RowFence(type, store, views).statements(readable));
    statements.addAll(DocumentedColumns.of(type));
    extensions
        .hstoreHome()
        .ifPresent(
            home -> statements.addAll(new DdsqlView(type, store, view, home).create(readable)));
    Stream<String> all =
        Stream.concat(Stream.of(store.createCurrent(), store.createHistory()), statements.stream());
    return new SchemaPlan(
        type, store, view, inTime, statements, sha256(all.collect(Collectors.joining(";\n"))));
  }

  private static final String IS_APPLIED =
      """
      select count(*)
        from catalog_store.applied_schema
       where table_name = :table
         and fingerprint = :print
         and not exists (select from unnest(:views) as name where to_regclass(name) is null)
         and to_regclass(:current) is not null
         and to_regclass(:history) is not null
      """;

  /** Says whether the database is as the file wants it, and nobody took a table away since. */
  boolean isApplied(Handle handle) {
    return handle
            .createQuery(IS_APPLIED)
            .bind("table", type.table())
            .bind("print", fingerprint)
            .bindArray(
                "views",
                String.class,
                Stream.concat(Stream.of(view.name()), inTime.names().stream()).toList())
            .bind("current", store.current())
            .bind("history", store.history())
            .mapTo(int.class)
            .one()
        > 0;
  }

  /**
   * Brings the database to what the file wants, within the caller's transaction.
   *
   * @throws SchemaFileException if that cannot be without losing what is stored
   */
  void apply(Handle handle) {
    bring(handle, store.current(), store.createCurrent(), store.currentColumns());
    bring(handle, store.history(), store.createHistory(), store.historyColumns());
    Ddl.run(handle, store.settle());
    dropViews(handle);
    statements.forEach(statement -> Ddl.run(handle, statement));
    remember(handle);
  }

  /** Makes a table, or adds the columns that it lacks. */
  private void bring(Handle handle, String table, String create, Map<String, String> columns) {
    Optional<Map<String, String>> found = columnsOf(handle, table);
    if (found.isEmpty()) {
      Ddl.run(handle, create);
      return;
    }
    columns.forEach(
        (name, wanted) -> {
          String there = found.get().get(name);
          if (there == null) {
            Ddl.run(
                handle, "alter table %s add column %s %s".formatted(table, Sql.name(name), wanted));
          } else if (!there.equals(wanted)) {
            throw new SchemaFileException(
                "The schema file of %s makes column %s of %s a %s, but what is stored is a %s. A column's type cannot change: give the new one another name"
                    .formatted(type.table(), name, table, wanted, there));
          }
        });
  }

  private static final String COLUMNS =
      """
      select attname,
             case when atttypid = 'timestamptz'::regtype then 'timestamptz'
                  else format_type(atttypid, atttypmod) end as type
        from pg_attribute
       where attrelid = to_regclass(:table)
         and attnum > 0
         and not attisdropped
      """;

  private static Optional<Map<String, String>> columnsOf(Handle handle, String table) {
    Map<String, String> columns =
        handle
            .createQuery(COLUMNS)
            .bind("table", table)
            .reduceRows(
                new HashMap<String, String>(),
                (map, row) -> {
                  map.put(
                      row.getColumn("attname", String.class), row.getColumn("type", String.class));
                  return map;
                });
    return columns.isEmpty() ? Optional.empty() : Optional.of(columns);
  }

  private static final String STRUCT_TYPES =
      """
      select unnest(struct_types)
        from catalog_store.applied_schema
       where table_name = :table
      """;

  private void dropViews(Handle handle) {
    Ddl.run(handle, DdsqlView.drop(type));
    inTime.drop().forEach(statement -> Ddl.run(handle, statement));
    Ddl.run(handle, "drop view if exists " + view.name());
    // Outer ones stand behind the inner ones that they are made of.
    handle
        .createQuery(STRUCT_TYPES)
        .bind("table", type.table())
        .mapTo(String.class)
        .list()
        .reversed()
        .forEach(name -> Ddl.run(handle, "drop type if exists " + CatalogView.structType(name)));
  }

  private static final String REMEMBER =
      """
      insert into catalog_store.applied_schema (table_name, fingerprint, struct_types)
      values (:table, :print, :structs)
      on conflict (table_name) do update
         set fingerprint = excluded.fingerprint,
             struct_types = excluded.struct_types
      """;

  private void remember(Handle handle) {
    handle
        .createUpdate(REMEMBER)
        .bind("table", type.table())
        .bind("print", fingerprint)
        .bindArray(
            "structs", String.class, type.structs().stream().map(Column.Struct::typeName).toList())
        .execute();
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
