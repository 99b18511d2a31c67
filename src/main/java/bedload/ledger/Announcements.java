package bedload.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/**
 * The book of the steps that somebody outside is still to be told. A step is entered in the
 * transaction that makes it, and struck off when its audience has it: so each is told at least
 * once, and those of one job in their order. Thread-safe.
 */
public final class Announcements {
  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public Announcements(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** A step to be told, and how often it was refused. */
  public record Due(JobEvent event, int refusals) {}

  private static final String FORGET =
      """
      delete from ledger.announcement
       where audience <> all(:names)
      """;

  /**
   * Says who is told from now on. Who was told before goes on where it was left; who is no longer
   * named forgets what it was still to be told.
   */
  public void engage(Set<String> audiences) {
    jdbi.useTransaction(
        handle -> {
          Audiences.engage(handle, Audiences.Subject.STEPS, audiences);
          handle.createUpdate(FORGET).bind("names", audiences.toArray(String[]::new)).execute();
        });
  }

  private static final String DUE =
      """
      select due.refusals,
             event.sequence, event.status as event_status, event.message as event_message, event.at as event_at,
             event.ended_at as event_ended_at, event.tagged_at as event_tagged_at, event.total as event_total,
             event.success as event_success, event.error as event_error, job.*
        from ledger.announcement due
        join ledger.job_event event on event.sequence = due.sequence
        join ledger.job on job.id = due.job_id
       where due.audience = :audience
         and due.not_before <= :now
         and not exists (
             select
               from ledger.announcement earlier
              where earlier.audience = due.audience
                and earlier.job_id = due.job_id
                and earlier.sequence < due.sequence)
       order by due.sequence
       limit :limit
      """;

  /** Returns the oldest steps that the audience may be told now, one of each job at most. */
  public List<Due> due(String audience, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(DUE)
                .bind("audience", audience)
                .bind("now", clock.instant())
                .bind("limit", limit)
                .map((row, context) -> new Due(Events.map(row, context), row.getInt("refusals")))
                .list());
  }

  private static final String TOLD =
      """
      delete from ledger.announcement
       where audience = :audience and sequence = any(:sequences)
      """;

  /** Strikes off what the audience has. */
  public void told(String audience, List<Due> told) {
    Long[] sequences = told.stream().map(due -> due.event().sequence()).toArray(Long[]::new);
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(TOLD)
              .bind("audience", audience)
              .bind("sequences", sequences)
              .execute();
          Audiences.takes(handle, audience);
        });
  }

  private static final String PUT_OFF_ONE =
      """
      update ledger.announcement
         set refusals = refusals + 1, not_before = :until
       where audience = :audience and sequence = :sequence
      """;

  /** Leaves one step alone for a while, and with it the later ones of its job. */
  public void putOff(String audience, Due refused, Duration pause) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(PUT_OFF_ONE)
                .bind("audience", audience)
                .bind("sequence", refused.event().sequence())
                .bind("until", clock.instant().plus(pause))
                .execute());
  }
}
