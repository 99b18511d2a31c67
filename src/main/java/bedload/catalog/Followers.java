package bedload.catalog;

import bedload.catalog.ChangeFeed.Position;
import bedload.catalog.ChangeFeed.Start;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/** How far each of those has come who are told of changes of the catalog. Thread-safe. */
public final class Followers {
  private final Jdbi jdbi;

  public Followers(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  private static final String FORGET =
      """
      delete from catalog_store.follower
       where name <> all(:names)
      """;

  /** Forgets all others. */
  public void keepOnly(Set<String> names) {
    jdbi.useHandle(
        handle ->
            handle.createUpdate(FORGET).bind("names", names.toArray(String[]::new)).execute());
  }

  private static final String ENTER =
      """
      insert into catalog_store.follower (name, transaction, sequence, seen)
      values (:name, :transaction, :sequence, cast(:seen as pg_snapshot))
      on conflict (name) do nothing
      """;

  /** Enters who is not known yet, to be told of what happens from now on. */
  public void enter(String name, Supplier<Start> now) {
    if (start(name).isPresent()) {
      return;
    }
    Start start = now.get();
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(ENTER)
                .bind("name", name)
                .bind("transaction", start.position().transaction())
                .bind("sequence", start.position().sequence())
                .bind("seen", start.seen())
                .execute());
  }

  private static final String START =
      """
      select transaction, sequence, seen::text as seen
        from catalog_store.follower
       where name = :name
      """;

  /** Returns after which change to go on; empty for who is not known. */
  public Optional<Start> start(String name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(START)
                .bind("name", name)
                .map(
                    (row, _) ->
                        new Start(
                            new Position(row.getLong("transaction"), row.getLong("sequence")),
                            row.getString("seen")))
                .findOne());
  }

  private static final String MOVE =
      """
      update catalog_store.follower
         set transaction = :transaction, sequence = :sequence, refusals = 0
       where name = :name
         and (transaction, sequence) < (:transaction, :sequence)
      """;

  /** Notes what it has by now. A node that slept and comes late with less takes nothing back. */
  public void move(String name, Position to) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(MOVE)
                .bind("name", name)
                .bind("transaction", to.transaction())
                .bind("sequence", to.sequence())
                .execute());
  }

  private static final String REFUSED =
      """
      update catalog_store.follower
         set refusals = refusals + 1
       where name = :name
      returning refusals
      """;

  /** Notes that it refused the change that comes next, and returns how often that was. */
  public int refused(String name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(REFUSED)
                .bind("name", name)
                .executeAndReturnGeneratedKeys()
                .mapTo(Integer.class)
                .findOne()
                .orElse(0));
  }
}
