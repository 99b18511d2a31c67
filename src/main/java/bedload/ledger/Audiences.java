package bedload.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The book of those outside who are told of something: which node tells each, and until when one
 * that takes nothing is left alone. Thread-safe.
 */
public final class Audiences {
  /** How long a node that died keeps others from telling. */
  public static final Duration LEASE = Duration.ofSeconds(30);

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public Audiences(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** What an audience is told of. */
  public enum Subject {
    /** Each step of each job. */
    STEPS,
    /** Changes of the catalog. */
    CHANGES;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String DISMISS =
      """
      delete from ledger.audience
       where hears = :hears and name <> all(:names)
      """;

  // Whoever starts anew tries at once: an operator may have mended what was wrong.
  private static final String ENGAGE =
      """
      insert into ledger.audience (name, hears)
      select unnest(:names), :hears
      on conflict (name) do update
         set not_before = '-infinity', failures = 0
      """;

  /** Says who is told of a subject from now on, and nobody else. */
  public void engage(Subject subject, Set<String> audiences) {
    jdbi.useTransaction(handle -> engage(handle, subject, audiences));
  }

  static void engage(Handle handle, Subject subject, Set<String> audiences) {
    String[] names = audiences.toArray(String[]::new);
    String hears = subject.word();
    handle.createUpdate(DISMISS).bind("hears", hears).bind("names", names).execute();
    handle.createUpdate(ENGAGE).bind("hears", hears).bind("names", names).execute();
  }

  private static final String LEASE_AUDIENCE =
      """
      update ledger.audience
         set teller = :node, leased_until = :until
       where name = :audience
         and not_before <= :now
         and (leased_until is null or leased_until <= :now or teller = :node)
      """;

  /** Returns whether this node may tell the audience now: one node does, while it is awake. */
  public boolean lease(String audience, String node) {
    Instant now = clock.instant();
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(LEASE_AUDIENCE)
                    .bind("audience", audience)
                    .bind("node", node)
                    .bind("now", now)
                    .bind("until", now.plus(LEASE))
                    .execute())
        == 1;
  }

  private static final String TAKES_AGAIN =
      """
      update ledger.audience
         set failures = 0
       where name = :audience and failures > 0
      """;

  /** Notes that the audience takes what it is told. */
  public void takes(String audience) {
    jdbi.useHandle(handle -> takes(handle, audience));
  }

  static void takes(Handle handle, String audience) {
    handle.createUpdate(TAKES_AGAIN).bind("audience", audience).execute();
  }

  private static final String FAILURES =
      """
      select failures
        from ledger.audience
       where name = :audience
      """;

  /** Returns how often in a row the audience could not be told; 0 if it could the last time. */
  public int failures(String audience) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(FAILURES)
                .bind("audience", audience)
                .mapTo(Integer.class)
                .findOne()
                .orElse(0));
  }

  private static final String PUT_OFF =
      """
      update ledger.audience
         set failures = failures + 1, not_before = :until
       where name = :audience
      """;

  /** Leaves the whole audience alone for a while: it cannot be told anything at present. */
  public void putOff(String audience, Duration pause) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(PUT_OFF)
                .bind("audience", audience)
                .bind("until", clock.instant().plus(pause))
                .execute());
  }
}
