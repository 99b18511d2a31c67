package bedload.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Who is logged in. They are kept in memory: a restart of the service logs everybody out.
 * Thread-safe.
 */
public final class Sessions {
  static final Duration LIFE = Duration.ofDays(7);

  /** The oldest is logged out by one more. */
  private static final int MOST = 1_000;

  private static final int TOKEN_BYTES = 32;

  private final Function<String, Optional<String>> secretKeys;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  /** The words of links that were used, until those are too old anyway. */
  private final Map<String, Instant> used = new HashMap<>();

  /**
   * Makes the sessions, none so far.
   *
   * @param secretKeys the secret key of an account, if there is one
   * @param random cannot be guessed
   */
  public Sessions(
      Function<String, Optional<String>> secretKeys, InstantSource clock, RandomGenerator random) {
    this.secretKeys = secretKeys;
    this.clock = clock;
    this.random = random;
  }

  /** Returns a new session; empty if the link is none of ours, too old, or was used before. */
  synchronized Optional<Session> enter(String link) {
    Instant now = clock.instant();
    used.values().removeIf(expires -> !now.isBefore(expires));
    return LoginLinks.read(link, secretKeys, now)
        .filter(read -> used.putIfAbsent(read.word(), read.expires()) == null)
        .map(read -> open(read.account(), now));
  }

  private Session open(String account, Instant now) {
    Session session = new Session(token(), token(), account, now.plus(LIFE));
    if (sessions.size() >= MOST) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    sessions.put(session.id(), session);
    return session;
  }

  /** Returns the session of a cookie; empty if there is none or no more. */
  synchronized Optional<Session> find(String id) {
    Session session = sessions.get(id);
    if (session != null && !clock.instant().isBefore(session.expires())) {
      sessions.remove(id);
      return Optional.empty();
    }
    return Optional.ofNullable(session);
  }

  /** Logs out. */
  synchronized void leave(Session session) {
    sessions.remove(session.id());
  }

  private String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
