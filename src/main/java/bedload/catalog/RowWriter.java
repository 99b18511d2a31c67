package bedload.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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
    turnPage = turnPage(changed(type));
  }

  /**
   * Writes an observation and, if it says anything new, its version into the history.
   *
   * <p>These are two statements because the second must see what a writer committed for whom the
   * first one waited.
   */
  Recorded write(Handle handle, ResourceObservation observation) {
    String row = RowContent.json(observation);
    Optional<Integer> revision =
        handle.createQuery(upsert).bind("row", row).mapTo(Integer.class).findOne();
    if (revision.isEmpty()) {
      return Recorded.STALE;
    }
    if (handle.createUpdate(turnPage).bind("row", row).execute() == 0) {
      return Recorded.SAME;
    }
    return revision.get() == 1 ? Recorded.NEW : Recorded.CHANGED;
  }

  /** Where the source could not tell the tags, those that were known stay. */
  private String upsert(String tags) {
    List<String> columns =
        store.resourceColumns().keySet().stream().filter(name -> !name.equals(REVISION)).toList();
    UnaryOperator<String> newer =
        name ->
            name.equals(tags) || name.equals("_tag_map")
                ? "coalesce(excluded.%1$s, kept.%1$s)".formatted(Sql.name(name))
                : "excluded." + Sql.name(name);
    return """
    insert into %1$s as kept
           (%2$s, _revision, _version, _observed_at, _first_seen_at)
    select %2$s, 1, _version, _observed_at, _observed_at
      from jsonb_populate_record(null::%1$s, cast(:row as jsonb))
    on conflict (%3$s) do update
       set %4$s,
           _revision = kept._revision
                     + case when (%5$s) is distinct from (%6$s) then 1 else 0 end,
           _version = excluded._version,
           _observed_at = excluded._observed_at
     where kept._version < excluded._version
    returning _revision
    """
        .formatted(
            store.current(),
            list(columns, Sql::name),
            String.join(", ", key),
            list(columns, name -> Sql.name(name) + " = " + newer.apply(name)),
            list(columns, name -> "kept." + Sql.name(name)),
            list(columns, newer));
  }

  /**
   * Ends the version that stood until now, and opens the one that stands. A clock may go back; a
   * version that ends before it began would be in nobody's "as of".
   */
  private String turnPage(String changed) {
    return """
    with kept as (
      select kept.*
        from %1$s as kept
        join jsonb_populate_record(null::%1$s, cast(:row as jsonb)) as written using (%2$s)
    ), closed as (
      update %3$s as was
         set _valid_to = greatest(kept._observed_at, was._valid_from)
        from kept
       where %4$s
         and was._valid_to is null
         and was._revision < kept._revision
      returning was.*
    )
    insert into %3$s (%5$s, _valid_from, _valid_to, _changed)
    select %6$s, kept._observed_at, null,
           case when closed._revision is not null
                then array_remove(array[%7$s], null) end
      from kept
      left join closed on true
    on conflict do nothing
    """
        .formatted(
            store.current(),
            String.join(", ", key),
            store.history(),
            key.stream()
                .map("was.%1$s = kept.%1$s"::formatted)
                .collect(Collectors.joining(" and ")),
            list(store.resourceColumns().keySet(), Sql::name),
            list(store.resourceColumns().keySet(), name -> "kept." + Sql.name(name)),
            changed);
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
