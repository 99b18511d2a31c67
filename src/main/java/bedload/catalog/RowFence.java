package bedload.catalog;

import java.util.List;
import java.util.stream.Stream;

/**
 * The fence between accounts: a reader sees the rows of the accounts that the list of readers gives
 * its role. It stands on the role that logged in, for everything else can be set by the reader's
 * own SQL.
 */
final class RowFence {
  private final ResourceType type;
  private final StoreTable store;
  private final List<String> views;

  /**
   * @param views what a reader may name
   */
  RowFence(ResourceType type, StoreTable store, List<String> views) {
    this.type = type;
    this.store = store;
    this.views = List.copyOf(views);
  }

  /**
   * Returns the statements that put it up.
   *
   * @param readable whether there is a role of readers; if not, nobody but the owner sees anything
   */
  List<String> statements(boolean readable) {
    Stream<String> closed =
        Stream.of(store.current(), store.history())
            .map("alter table %s enable row level security"::formatted);
    if (!readable) {
      return closed.toList();
    }
    return Stream.of(closed, open(store.current()), open(store.history()), named())
        .flatMap(statements -> statements)
        .toList();
  }

  private Stream<String> named() {
    return Stream.of("grant select on %s to %s".formatted(String.join(", ", views), Readers.GROUP));
  }

  private Stream<String> open(String table) {
    // A sub-select is evaluated once; the bare expression would be, for every row of a scan.
    String policy =
        """
        create policy own_account on %s
           for select
            to %s
         using (%s = any ((select catalog_store.readable_accounts())::text[]))
        """
            .formatted(
                table, Readers.GROUP, Sql.name(type.columnFrom(Origin.Account.class).name()));
    return Stream.of(
        "drop policy if exists own_account on " + table,
        policy,
        "grant select on %s to %s".formatted(table, Readers.GROUP));
  }
}
