package bedload.web;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.ledger.Logins;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final String ACCOUNT = "123456789012";
  private static final String KEY = "secret";

  private Instant now = Instant.parse("2026-05-01T12:00:00Z");
  private final InstantSource clock = () -> now;
  private final Random random = new Random(1);
  private final Database database = TestDatabase.create();
  private final Sessions sessions =
      new Sessions(
          new Logins(database.jdbi()),
          account -> account.equals(ACCOUNT) ? Optional.of(KEY) : Optional.empty(),
          clock,
          random);

  @AfterEach
  void close() {
    database.close();
  }

  private String link(String account, String key) {
    String url = LoginLinks.make("http://here", account, key, now, random);
    assertThat(url).startsWith("http://here/login?link=");
    return url.substring(url.indexOf('=') + 1);
  }

  @Test
  void aLinkLogsInOnce() {
    String link = link(ACCOUNT, KEY);

    Session session = sessions.enter(link).orElseThrow();

    assertThat(session.account()).isEqualTo(ACCOUNT);
    assertThat(sessions.find(session.id())).contains(session);
    assertThat(sessions.enter(link)).isEmpty();
    assertThat(sessions.enter(link(ACCOUNT, KEY))).isPresent();
  }

  @Test
  void whatIsNoLinkOfOursLogsNobodyIn() {
    String link = link(ACCOUNT, KEY);

    assertThat(sessions.enter("")).isEmpty();
    assertThat(sessions.enter("a.b.c.d")).isEmpty();
    assertThat(sessions.enter(link + "x")).isEmpty();
    assertThat(sessions.enter(link.replace("12345", "12346"))).isEmpty();
    assertThat(sessions.enter(link(ACCOUNT, "another"))).isEmpty();
    assertThat(sessions.enter(link("999999999999", KEY))).isEmpty();
  }

  /** A restart forgets what is in memory; the book does not. */
  @Test
  void anotherNodeKnowsTheSessionAndTheUsedLink() {
    String link = link(ACCOUNT, KEY);
    Session session = sessions.enter(link).orElseThrow();
    Sessions other =
        new Sessions(
            new Logins(database.jdbi()), account -> Optional.of(KEY), clock, new Random(2));

    assertThat(other.find(session.id())).contains(session);
    assertThat(other.enter(link)).isEmpty();
  }

  @Test
  void aLinkAndASessionGrowOld() {
    String link = link(ACCOUNT, KEY);
    Session session = sessions.enter(link(ACCOUNT, KEY)).orElseThrow();

    now = now.plus(LoginLinks.LIFE);
    assertThat(sessions.enter(link)).isEmpty();
    now = now.plus(Sessions.LIFE);
    assertThat(sessions.find(session.id())).isEmpty();
  }

  @Test
  void whoLeavesIsLoggedOut() {
    Session session = sessions.enter(link(ACCOUNT, KEY)).orElseThrow();

    sessions.leave(session);

    assertThat(sessions.find(session.id())).isEmpty();
  }

  @Test
  void sessionsAreBounded() {
    Session first = sessions.enter(link(ACCOUNT, KEY)).orElseThrow();
    for (int i = 0; i < 1_000; i++) {
      now = now.plusMillis(1);
      assertThat(sessions.enter(link(ACCOUNT, KEY))).isPresent();
    }
    assertThat(sessions.find(first.id())).isEmpty();
  }
}
