package bedload.ledger;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** The book of browsers that are logged in, and of the links that were used for it. Thread-safe. */
public final class Logins {
  /** The oldest is logged out by one more. */
  private static final int MOST = 1_000;

  private final Jdbi jdbi;

  /** Opens the book of a database. */
  public Logins(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Whose browser it is, and until when. */
  public record Login(String account, Instant expires) {}

  private static final String FORGET_LINKS =
      """
      delete from ledger.used_link
       where expires_at <= :now
      """;

  private static final String USE_LINK =
      """
      insert into ledger.used_link (word, expires_at)
      values (:word, :expires)
      on conflict do nothing
      """;

  /** Marks the link with a word as used; returns false if it was before. */
  public boolean use(String word, Instant expires, Instant now) {
    return jdbi.inTransaction(
        handle -> {
          handle.createUpdate(FORGET_LINKS).bind("now", now).execute();
          return handle.createUpdate(USE_LINK).bind("word", word).bind("expires", expires).execute()
              == 1;
        });
  }

  private static final String OPEN =
      """
      insert into ledger.login (id_digest, account, opened_at, expires_at)
      values (:digest, :account, :now, :expires)
      """;

  private static final String CLOSE_OLD =
      """
      delete from ledger.login
       where expires_at <= :now
          or id_digest in (select id_digest
                             from ledger.login
                            order by opened_at desc
                           offset :most)
      """;

  /** Logs a browser in. */
  public void open(byte[] digest, Login login, Instant now) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(OPEN)
              .bind("digest", digest)
              .bind("account", login.account())
              .bind("now", now)
              .bind("expires", login.expires())
              .execute();
          handle.createUpdate(CLOSE_OLD).bind("now", now).bind("most", MOST).execute();
        });
  }

  private static final String FIND =
      """
      select account, expires_at
        from ledger.login
       where id_digest = :digest and expires_at > :now
      """;

  /** Returns the login of a digest; empty if there is none or no more. */
  public Optional<Login> find(byte[] digest, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(FIND)
                .bind("digest", digest)
                .bind("now", now)
                .map(
                    (row, context) ->
                        new Login(row.getString("account"), JobRows.instant(row, "expires_at")))
                .findOne());
  }

  private static final String CLOSE =
      """
      delete from ledger.login
       where id_digest = :digest
      """;

  /** Logs a browser out. */
  public void close(byte[] digest) {
    jdbi.useHandle(handle -> handle.createUpdate(CLOSE).bind("digest", digest).execute());
  }
}
