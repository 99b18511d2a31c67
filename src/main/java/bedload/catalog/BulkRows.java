package bedload.catalog;

import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Writes the first observations of many resources at once, a hundred times as fast as one by one.
 * For filling a table that nobody else writes; a resource that is there already is left alone.
 */
public final class BulkRows {
  private final String insert;

  /** Writes rows of a type. */
  public BulkRows(ResourceType type) {
    StoreTable store = new StoreTable(type);
    String columns =
        store.resourceColumns().keySet().stream()
            .filter(name -> !name.equals("_revision"))
            .map(Sql::name)
            .collect(Collectors.joining(", "));
    insert =
        """
        with written as (
          insert into %1$s (%2$s, _revision, _version, _observed_at, _first_seen_at)
          select %2$s, 1, _version, _observed_at, _observed_at
            from jsonb_populate_recordset(null::%1$s, cast(:rows as jsonb))
              on conflict do nothing
          returning *
        )
        insert into %3$s (%2$s, _revision, _valid_from)
        select %2$s, 1, _observed_at
          from written
        """
            .formatted(store.current(), columns, store.history());
  }

  /**
   * Writes the observations as part of the caller's transaction and returns how many are new.
   *
   * @throws IllegalArgumentException if a document does not fit the type
   */
  public int write(Handle handle, List<ResourceObservation> observations) {
    String rows = RowContent.json(observations.stream().map(RowContent::of).toList());
    return handle.createUpdate(insert).bind("rows", rows).execute();
  }
}
