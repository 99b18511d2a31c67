package bedload.catalog;

import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements that write rows of one type; they name the columns of the schema file. */
final class RowStatements {
  private final ResourceType type;
  private final RowArrays given;
  private final StoreTable store;
  private final List<String> key;

  /**
   * @param given what is written
   */
  RowStatements(ResourceType type, RowArrays given) {
    this.type = type;
    this.given = given;
    store = new StoreTable(type);
    key = type.keyColumns().stream().map(column -> Sql.name(column.name())).toList();
  }

  /**
   * Returns the statement that writes resources which were not known. It answers with how many
   * these were. It waits for a writer who is about to make the same ones known, so that all of them
   * are there for the statements that follow.
   *
   * <p>Rows are written and locked in the order of their keys, or two writers of the same ones
   * could wait for each other.
   */
  String insert() {
    List<String> columns = given.columns();
    return """
    with written as (
      insert into %1$s (%2$s, _revision, _first_seen_at, _valid_from)
      select %2$s, 1, _observed_at, _observed_at
        from %3$s as given
       order by %4$s
      on conflict (%4$s) do nothing
      returning %5$s
    ), told as (
      insert into catalog_store.change (account, table_name, key, revision)
      select %6$s, %7$s, concat_ws('/', %4$s), 1
        from written
    )
    select count(*)
      from written
    """
        .formatted(
            store.current(),
            list(columns, Sql::name),
            given.table(),
            keyList(),
            list(accountAndKey(), name -> name),
            account(),
            Sql.literal(type.table()));
  }

  /** Returns the statement that locks the rows of some keys. */
  String lock() {
    return """
    select count(*)
      from (select
              from %s as kept
              join %s as given using (%s)
             order by %s
               for update of kept) as locked
    """
        .formatted(
            store.current(),
            given.table(type.keyColumns().stream().map(StoredColumn::name).toList()),
            keyList(),
            list(key, "kept."::concat));
  }

  /**
   * Returns the statement that writes what is newer than what is known of resources whose rows are
   * locked: what stood until now goes into the history, if anything is otherwise. It answers with
   * how many became otherwise, and of how many all was known. A clock may go back; a version that
   * ends before it began would be in nobody's "as of".
   *
   * <p>Where the source could not tell the tags, those that were known stay.
   *
   * <p>A change's place is that of the newest transaction that has ended, if it began after this
   * one: among those is whoever came to the resource before, since it held the row's lock until it
   * ended. A place that is not this transaction's own is shown to nobody before it has ended, too.
   */
  String update() {
    List<String> columns = given.columns();
    String tags = type.columnFrom(Origin.Tags.class).name();
    return """
    with newer as materialized (
      select merged.*, (%1$s) is distinct from (%2$s) as _differs
        from (select %3$s
                from %4$s as given
                join %5$s as kept using (%6$s)
               where (kept._version < given._version and (kept._source is not null or given._source is null))
                  or (kept._source is not null and given._source is null)) as merged
        join %5$s as kept using (%6$s)
    ), ended as (
      insert into %7$s (%8$s, _valid_from, _valid_to, _changed)
      select %9$s, kept._valid_from, greatest(newer._observed_at, kept._valid_from), kept._changed
        from newer
        join %5$s as kept using (%6$s)
       where newer._differs
    ), written as (
      update %5$s as kept
         set %10$s,
             _revision = kept._revision + case when newer._differs then 1 else 0 end,
             _valid_from = case when newer._differs then newer._observed_at else kept._valid_from end,
             _changed = case when newer._differs then array_remove(array[%11$s], null)
                             else kept._changed end
        from newer
       where %12$s
      returning %13$s, kept._revision, newer._differs
    ), told as (
      insert into catalog_store.change (account, transaction, table_name, key, revision, written_by)
      select %14$s, greatest(self, ended), %15$s, concat_ws('/', %6$s), _revision,
             case when ended > self then self end
        from written
       cross join (select pg_current_xact_id()::text::bigint as self,
                          pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1 as ended) as place
       where _differs
    )
    select count(*) filter (where _differs) as changed,
           count(*) filter (where not _differs) as same
      from written
    """
        .formatted(
            list(compared(columns), name -> "kept." + Sql.name(name)),
            list(compared(columns), name -> "merged." + Sql.name(name)),
            list(
                columns,
                name ->
                    name.equals(tags) || name.equals("_tag_map")
                        ? "coalesce(given.%1$s, kept.%1$s) as %1$s".formatted(Sql.name(name))
                        : "given." + Sql.name(name)),
            given.table(),
            store.current(),
            keyList(),
            store.history(),
            list(store.resourceColumns().keySet(), Sql::name),
            list(store.resourceColumns().keySet(), name -> "kept." + Sql.name(name)),
            list(columns, name -> Sql.name(name) + " = newer." + Sql.name(name)),
            changed(),
            key.stream()
                .map("kept.%1$s = newer.%1$s"::formatted)
                .collect(Collectors.joining(" and ")),
            list(accountAndKey(), "kept."::concat),
            account(),
            Sql.literal(type.table()));
  }

  private String keyList() {
    return String.join(", ", key);
  }

  /** Who told of a resource, and when, is not what the resource is. */
  private List<String> compared(List<String> columns) {
    return columns.stream().filter(store.resourceColumns()::containsKey).toList();
  }

  /** The account may be of the key. */
  private List<String> accountAndKey() {
    return Stream.concat(Stream.of(account()), key.stream()).distinct().toList();
  }

  private String account() {
    return Sql.name(type.columnFrom(Origin.Account.class).name());
  }

  /** Returns a list of expressions: a column's dotted path if it differs, else null. */
  private String changed() {
    return type.storedColumns().stream()
        .map(
            column ->
                "case when kept.%1$s is distinct from newer.%1$s then %2$s end"
                    .formatted(Sql.name(column.name()), Sql.literal(column.dotted())))
        .collect(Collectors.joining(", "));
  }

  private static String list(Collection<String> names, UnaryOperator<String> each) {
    return names.stream().map(each).collect(Collectors.joining(", "));
  }
}
