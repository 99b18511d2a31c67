package bedload.catalog;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements that write rows of one type; they name the columns of the schema file. */
final class RowStatements {
  private final ResourceType type;
  private final RowShape shape;
  private final StoreTable store;
  private final List<String> key;

  RowStatements(ResourceType type, RowShape shape) {
    this.type = type;
    this.shape = shape;
    store = new StoreTable(type);
    key = type.keyColumns().stream().map(column -> Sql.name(column.name())).toList();
  }

  /** Returns the key's columns, with their SQL types. */
  Map<String, String> keyColumns() {
    Map<String, String> columns = new LinkedHashMap<>();
    type.keyColumns().forEach(column -> columns.put(column.name(), column.leaf().type().sqlType()));
    return columns;
  }

  /**
   * Returns the statement that writes what is newer than what is known, and all that there is to
   * say of a resource which was not known at all. It answers with a row for each that was written:
   * whether it was not known, and the key as texts.
   *
   * <p>Where the source could not tell the tags, those that were known stay. The rows are locked in
   * the order of their keys, or two writers of the same ones could wait for each other.
   */
  String write() {
    List<String> columns = List.copyOf(shape.columns().keySet());
    String tags = type.columnFrom(Origin.Tags.class).name();
    UnaryOperator<String> newer =
        name ->
            name.equals(tags) || name.equals("_tag_map")
                ? "coalesce(excluded.%1$s, kept.%1$s)".formatted(Sql.name(name))
                : "excluded." + Sql.name(name);
    return """
    with written as (
      insert into %1$s as kept
             (%2$s, _revision, _first_seen_at)
      select %2$s, 1, _observed_at
        from %3$s as given
       order by %4$s
      on conflict (%4$s) do update
         set %5$s,
             _revision = kept._revision
                       + case when (%6$s) is distinct from (%7$s) then 1 else 0 end
       where (kept._version < excluded._version and (kept._source is not null or excluded._source is null))
          or (kept._source is not null and excluded._source is null)
      -- A row that was found has been locked, and that leaves a mark.
      returning %8$s, _observed_at, kept.xmax = 0 as _is_new
    ), opened as (
      insert into %9$s (%8$s, _valid_from)
      select %8$s, _observed_at
        from written
       where _is_new
      on conflict do nothing
      returning %13$s, _revision
    ), told as (
      insert into catalog_store.change (account, table_name, key, revision)
      select %10$s, %11$s, concat_ws('/', %4$s), _revision
        from opened
    )
    select _is_new, %12$s
      from written
    """
        .formatted(
            store.current(),
            list(columns, Sql::name),
            new RowArrays(shape.columns()).table(),
            String.join(", ", key),
            list(columns, name -> Sql.name(name) + " = " + newer.apply(name)),
            list(compared(columns), name -> "kept." + Sql.name(name)),
            list(compared(columns), newer),
            list(store.resourceColumns().keySet(), Sql::name),
            store.history(),
            account(),
            Sql.literal(type.table()),
            list(key, name -> "cast(%s as text)".formatted(name)),
            // The account may be of the key.
            list(
                Stream.concat(Stream.of(account()), key.stream()).distinct().toList(),
                name -> name));
  }

  /** Who told of a resource, and when, is not what the resource is. */
  private List<String> compared(List<String> columns) {
    return columns.stream().filter(store.resourceColumns()::containsKey).toList();
  }

  /**
   * Returns the statement that ends the versions of some resources which stood until now, and opens
   * the ones that stand. A clock may go back; a version that ends before it began would be in
   * nobody's "as of". It answers with the number of each version that it opened.
   *
   * <p>A change's place is that of the newest transaction that has ended, if it began after this
   * one: among those is whoever came to the resource before, since it held the row's lock until it
   * ended. A place that is not this transaction's own is shown to nobody before it has ended, too.
   */
  String turnPage() {
    return """
    with kept as (
      select kept.*
        from %1$s as kept
        join %11$s as written using (%2$s)
    ), closed as (
      update %3$s as was
         set _valid_to = greatest(kept._observed_at, was._valid_from)
        from kept
       where %4$s
         and was._valid_to is null
         and was._revision < kept._revision
      returning was.*
    ), opened as (
      insert into %3$s (%5$s, _valid_from, _valid_to, _changed)
      select %6$s, kept._observed_at, null,
             case when closed._revision is not null
                  then array_remove(array[%7$s], null) end
        from kept
        left join closed on %8$s
      on conflict do nothing
      returning *
    )
    insert into catalog_store.change (account, transaction, table_name, key, revision, written_by)
    select %9$s, greatest(self, ended), %10$s, concat_ws('/', %2$s), _revision,
           case when ended > self then self end
      from opened
     cross join (select pg_current_xact_id()::text::bigint as self,
                        pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1 as ended) as place
    returning revision
    """
        .formatted(
            store.current(),
            String.join(", ", key),
            store.history(),
            onKey("was"),
            list(store.resourceColumns().keySet(), Sql::name),
            list(store.resourceColumns().keySet(), name -> "kept." + Sql.name(name)),
            changed(),
            onKey("closed"),
            account(),
            Sql.literal(type.table()),
            new RowArrays(keyColumns()).table());
  }

  private String account() {
    return Sql.name(type.columnFrom(Origin.Account.class).name());
  }

  private String onKey(String with) {
    return key.stream()
        .map(name -> "%1$s.%2$s = kept.%2$s".formatted(with, name))
        .collect(Collectors.joining(" and "));
  }

  /** Returns a list of expressions: a column's dotted path if it differs, else null. */
  private String changed() {
    return type.storedColumns().stream()
        .map(
            column ->
                "case when kept.%1$s is distinct from closed.%1$s then %2$s end"
                    .formatted(Sql.name(column.name()), Sql.literal(column.dotted())))
        .collect(Collectors.joining(", "));
  }

  private static String list(Collection<String> names, UnaryOperator<String> each) {
    return names.stream().map(each).collect(Collectors.joining(", "));
  }
}
