package bedload.catalog;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Writes observations of one type; its statements name the columns of the schema file. */
final class RowWriter {
  private static final String REVISION = "_revision";

  private final StoreTable store;
  private final List<String> key;
  private final String upsert;
  private final String turnPage;

  RowWriter(ResourceType type) {
    store = new StoreTable(type);
    key = type.keyColumns().stream().map(column -> Sql.name(column.name())).toList();
    upsert = upsert(type.columnFrom(Origin.Tags.class).name());
    turnPage = turnPage(changed(type), type.columnFrom(Origin.Account.class).name(), type.table());
  }

  /** Writes an observation and, if it says anything new, its version into the history. */
  Recorded write(Handle handle, ResourceObservation observation) {
    return writeDistinct(handle, List.of(RowContent.of(observation))).onlyOne();
  }

  /** Writes observations in their order, as many at a time as are of different resources. */
  RecordedCounts writeAll(Handle handle, List<ResourceObservation> observations) {
    RecordedCounts counts = RecordedCounts.NONE;
    Map<List<String>, RowContent> distinct = new LinkedHashMap<>();
    for (ResourceObservation observation : observations) {
      RowContent content = RowContent.of(observation);
      if (distinct.containsKey(content.key())) {
        counts = counts.plus(writeDistinct(handle, List.copyOf(distinct.values())));
        distinct.clear();
      }
      distinct.put(content.key(), content);
    }
    return counts.plus(writeDistinct(handle, List.copyOf(distinct.values())));
  }

  /**
   * These are two statements because the second must see what a writer committed for whom the first
   * one waited.
   */
  private RecordedCounts writeDistinct(Handle handle, List<RowContent> contents) {
    if (contents.isEmpty()) {
      return RecordedCounts.NONE;
    }
    String rows = RowContent.json(contents);
    int written = handle.createQuery(upsert).bind("rows", rows).mapTo(Integer.class).list().size();
    int stale = contents.size() - written;
    if (written == 0) {
      return new RecordedCounts(0, 0, 0, stale);
    }
    List<Integer> turned =
        handle.createQuery(turnPage).bind("rows", rows).mapTo(Integer.class).list();
    int fresh = (int) turned.stream().filter(revision -> revision == 1).count();
    return new RecordedCounts(fresh, turned.size() - fresh, written - turned.size(), stale);
  }

  /**
   * Where the source could not tell the tags, those that were known stay. The rows are locked in
   * the order of their keys, or two writers of the same ones could wait for each other.
   */
  private String upsert(String tags) {
    List<String> columns =
        Stream.concat(
                store.resourceColumns().keySet().stream().filter(name -> !name.equals(REVISION)),
                Stream.of("_source"))
            .toList();
    UnaryOperator<String> newer =
        name ->
            name.equals(tags) || name.equals("_tag_map")
                ? "coalesce(excluded.%1$s, kept.%1$s)".formatted(Sql.name(name))
                : "excluded." + Sql.name(name);
    return """
    insert into %1$s as kept
           (%2$s, _revision, _version, _observed_at, _first_seen_at)
    select %2$s, 1, _version, _observed_at, _observed_at
      from jsonb_populate_recordset(null::%1$s, cast(:rows as jsonb))
     order by %3$s
    on conflict (%3$s) do update
       set %4$s,
           _revision = kept._revision
                     + case when (%5$s) is distinct from (%6$s) then 1 else 0 end,
           _version = excluded._version,
           _observed_at = excluded._observed_at
     where (kept._version < excluded._version and (kept._source is not null or excluded._source is null))
        or (kept._source is not null and excluded._source is null)
    returning _revision
    """
        .formatted(
            store.current(),
            list(columns, Sql::name),
            String.join(", ", key),
            list(columns, name -> Sql.name(name) + " = " + newer.apply(name)),
            list(compared(columns), name -> "kept." + Sql.name(name)),
            list(compared(columns), newer));
  }

  /** Who told of a resource is not what the resource is. */
  private static List<String> compared(List<String> columns) {
    return columns.stream().filter(name -> !name.equals("_source")).toList();
  }

  /**
   * Ends the versions that stood until now, and opens the ones that stand. A clock may go back; a
   * version that ends before it began would be in nobody's "as of".
   */
  private String turnPage(String changed, String account, String table) {
    return """
    with kept as (
      select kept.*
        from %1$s as kept
        join jsonb_populate_recordset(null::%1$s, cast(:rows as jsonb)) as written using (%2$s)
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
    insert into catalog_store.change (account, table_name, key, revision)
    select %9$s, %10$s, concat_ws('/', %2$s), _revision
      from opened
    returning revision
    """
        .formatted(
            store.current(),
            String.join(", ", key),
            store.history(),
            onKey("was"),
            list(store.resourceColumns().keySet(), Sql::name),
            list(store.resourceColumns().keySet(), name -> "kept." + Sql.name(name)),
            changed,
            onKey("closed"),
            Sql.name(account),
            Sql.literal(table));
  }

  private String onKey(String with) {
    return key.stream()
        .map(name -> "%1$s.%2$s = kept.%2$s".formatted(with, name))
        .collect(Collectors.joining(" and "));
  }

  /** Returns a list of expressions: a column's dotted path if it differs, else null. */
  private static String changed(ResourceType type) {
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
