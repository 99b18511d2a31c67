package bedload.ledger;

import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * The book of what all nodes of one service have alike. Whoever may read the ledger may read it;
 * readers of the catalog may not. Thread-safe.
 */
public final class Installation {
  private final Jdbi jdbi;

  /** Makes the book over a database. */
  public Installation(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  private static final String OFFER =
      """
      insert into ledger.installation (name, value)
      values (:name, :value)
      on conflict do nothing
      """;

  /** Writes a value unless another node was first, and returns the one that holds for all. */
  public String agree(String name, String value) {
    return jdbi.inTransaction(
        handle -> {
          handle.createUpdate(OFFER).bind("name", name).bind("value", value).execute();
          return handle.createQuery(READ).bind("name", name).mapTo(String.class).one();
        });
  }

  private static final String READ =
      """
      select value
        from ledger.installation
       where name = :name
      """;

  /** Returns a value; empty if no node has written it. */
  public Optional<String> find(String name) {
    return jdbi.withHandle(
        handle -> handle.createQuery(READ).bind("name", name).mapTo(String.class).findOne());
  }

  private static final String WRITE =
      """
      insert into ledger.installation (name, value)
      values (:name, :value)
      on conflict (name) do update
         set value = excluded.value
      """;

  /** Writes a value, in place of what was there. */
  public void write(String name, String value) {
    jdbi.useHandle(
        handle -> handle.createUpdate(WRITE).bind("name", name).bind("value", value).execute());
  }
}
