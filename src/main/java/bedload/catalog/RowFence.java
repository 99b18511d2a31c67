package bedload.catalog;

import java.util.List;
import java.util.stream.Stream;

/**
 * The fence between accounts: a reader sees the rows of the account that its role is named after.
 * It stands on the role that logged in, for everything else can be set by the reader's own SQL.
 */
final class RowFence {
  private final ResourceType type;
  private final StoreTable store;
  private final CatalogView view;

  RowFence(ResourceType type, StoreTable store, CatalogView view) {
    this.type = type;
    this.store = store;
    this.view = view;
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
    return Stream.concat(closed, open()).toList();
  }

  private Stream<String> open() {
    // A sub-select is evaluated once; the bare expression would be, for every row of a scan.
    String policy =
        """
        create policy own_account on %s
           for select
            to %s
         using (%s = (select substring(session_user::text from '%s')))
        """
            .formatted(
                store.current(),
                Readers.GROUP,
                Sql.name(type.columnFrom(Origin.Account.class).name()),
                Readers.ROLE_PATTERN);
    return Stream.of(
        "drop policy if exists own_account on " + store.current(),
        policy,
        "grant select on %s, %s to %s".formatted(store.current(), view.name(), Readers.GROUP));
  }
}
