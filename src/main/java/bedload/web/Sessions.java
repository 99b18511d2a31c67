package bedload.web;

import bedload.ledger.Logins;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Who is logged in; a restart of the service logs nobody out. Thread-safe. */
public final class Sessions {
  static final Duration LIFE = Duration.ofDays(7);

  private static final int TOKEN_BYTES = 32;

  private final Logins logins;
  private final Function<String, Optional<String>> secretKeys;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * Makes the sessions over the book that keeps them.
   *
   * @param secretKeys the secret key of an account, if there is one
   * @param random cannot be guessed
   */
  public Sessions(
      Logins logins,
      Function<String, Optional<String>> secretKeys,
      InstantSource clock,
      RandomGenerator random) {
    this.logins = logins;
    this.secretKeys = secretKeys;
    this.clock = clock;
    this.random = random;
  }

  /** Returns a new session; empty if the link is none of ours, too old, or was used before. */
  Optional<Session> enter(String link) {
    Instant now = clock.instant();
    return LoginLinks.read(link, secretKeys, now)
        .filter(read -> logins.use(read.word(), read.expires(), now))
        .map(read -> open(read.account(), now));
  }

  private Session open(String account, Instant now) {
    String id = token();
    // To the millisecond, which is what a database keeps of it at least.
    Instant expires = now.plus(LIFE).truncatedTo(ChronoUnit.MILLIS);
    logins.open(digest(id), new Logins.Login(account, expires), now);
    return session(id, account, expires);
  }

  /** Returns the session of a cookie; empty if there is none or no more. */
  Optional<Session> find(String id) {
    return logins
        .find(digest(id), clock.instant())
        .map(login -> session(id, login.account(), login.expires()));
  }

  /** The token of the forms follows from the cookie, which no other site can read. */
  private static Session session(String id, String account, Instant expires) {
    return new Session(id, encoded(digest("form " + id)), account, expires);
  }

  /** Logs out. */
  void leave(Session session) {
    logins.close(digest(session.id()));
  }

  private String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return encoded(bytes);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
