package bedload.catalog;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Questions in SQL that an account keeps under names. Thread-safe. */
public final class SavedQuestions {
  /** How many an account may keep. */
  public static final int MOST = 200;

  /** How many characters a name may have. */
  public static final int LONGEST_NAME = 100;

  private final Jdbi jdbi;

  /** Opens the questions of a database. */
  public SavedQuestions(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A question under its name. */
  public record Saved(String name, String sql) {}

  private static final String LIST =
      """
      select name, sql
        from catalog_store.saved_question
       where account = :account
       order by name
      """;

  /** Returns all of an account, by name. */
  public List<Saved> of(String account) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(LIST)
                .bind("account", account)
                .map((row, context) -> new Saved(row.getString("name"), row.getString("sql")))
                .list());
  }

  // The lock keeps two that save at once from both counting one too few.
  private static final String LOCK =
      """
      select pg_advisory_xact_lock(hashtextextended('saved_question ' || :account, 0))
      """;

  private static final String SAVE =
      """
      insert into catalog_store.saved_question (account, name, sql, saved_at)
      select :account, :name, :sql, :now
       where (select count(*)
                from catalog_store.saved_question
               where account = :account and name <> :name) < :most
      on conflict (account, name) do update
         set sql = excluded.sql, saved_at = excluded.saved_at
      """;

  /**
   * Keeps a question in the place of another of that name.
   *
   * @throws QuestionFault if the name is none, or the account keeps too many
   */
  public void save(String account, Saved saved, Instant now) {
    String name = saved.name().strip();
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new QuestionFault("A name has 1 to %d characters.".formatted(LONGEST_NAME));
    }
    int changed =
        jdbi.inTransaction(
            handle -> {
              handle.createQuery(LOCK).bind("account", account).mapToMap().list();
              return handle
                  .createUpdate(SAVE)
                  .bind("account", account)
                  .bind("name", name)
                  .bind("sql", saved.sql())
                  .bind("now", now)
                  .bind("most", MOST)
                  .execute();
            });
    if (changed == 0) {
      throw new QuestionFault(
          "%d questions are kept already; remove one that nobody needs.".formatted(MOST));
    }
  }

  private static final String FORGET =
      """
      delete from catalog_store.saved_question
       where account = :account and name = :name
      """;

  /** Removes a question; does nothing if there is none of that name. */
  public void forget(String account, String name) {
    jdbi.useHandle(
        handle ->
            handle.createUpdate(FORGET).bind("account", account).bind("name", name).execute());
  }
}
