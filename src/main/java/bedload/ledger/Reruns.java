package bedload.ledger;

import bedload.job.JobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * The book of jobs whose failed records are to become a new job. Copying them may take longer than
 * a browser waits, and than a node lives. Thread-safe.
 */
public final class Reruns {
  /** How long a node that died keeps others from going on. */
  static final Duration LEASE = Duration.ofSeconds(30);

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public Reruns(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * A rerun that was asked for.
   *
   * @param job whose failed records they are
   * @param stamp names the new job and the folder of its input
   * @param records how many are copied
   * @param attempts how often it was taken up
   * @param made the new job; null if there is none yet
   * @param message why there is none; null if there is or will be
   * @param isEnded whether nobody copies any more
   */
  public record Rerun(
      JobId job,
      String stamp,
      long records,
      int attempts,
      @Nullable JobId made,
      @Nullable String message,
      boolean isEnded) {}

  private static final String ASK =
      """
      insert into ledger.rerun (job_id, stamp, asked_at)
      values (:job, :stamp, :now)
      on conflict (job_id) do update
         set stamp = excluded.stamp, asked_at = excluded.asked_at, records = 0,
             leased_until = '-infinity', attempts = 0, made = null, message = null, ended_at = null
       where rerun.ended_at is not null
      """;

  /** Asks for a rerun of what failed in a job; one that is under way is left to go on. */
  public void ask(JobId job) {
    Instant now = clock.instant();
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(ASK)
                .bind("job", job.value())
                .bind("stamp", Long.toString(now.toEpochMilli(), Character.MAX_RADIX))
                .bind("now", now)
                .execute());
  }

  private static final String FIND =
      """
      select job_id, stamp, records, attempts, made, message, ended_at
        from ledger.rerun
       where job_id = :job
      """;

  /** Returns the latest rerun of a job; whether the job is the caller's is not asked here. */
  public Optional<Rerun> find(JobId job) {
    return jdbi.withHandle(
        handle -> handle.createQuery(FIND).bind("job", job.value()).map(Reruns::map).findOne());
  }

  private static final String TAKE =
      """
      update ledger.rerun
         set leased_until = :until, attempts = attempts + 1, records = 0
       where job_id = (
             select job_id
               from ledger.rerun
              where ended_at is null and leased_until <= :now
              order by asked_at
              limit 1
                for update skip locked)
      returning job_id, stamp, records, attempts, made, message, ended_at
      """;

  /** Takes the oldest rerun that nobody works on; empty if there is none. */
  public Optional<Rerun> take() {
    Instant now = clock.instant();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(TAKE)
                .bind("now", now)
                .bind("until", now.plus(LEASE))
                .map(Reruns::map)
                .findOne());
  }

  private static final String GO_ON =
      """
      update ledger.rerun
         set records = :records, leased_until = :until
       where job_id = :job and stamp = :stamp and attempts = :attempt and ended_at is null
      """;

  /**
   * Says how far it is and keeps others away for a while more.
   *
   * @return false if another node has taken it by now
   */
  public boolean goOn(Rerun taken, long records) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(GO_ON)
                    .bind("records", records)
                    .bind("until", clock.instant().plus(LEASE))
                    .bind("job", taken.job().value())
                    .bind("stamp", taken.stamp())
                    .bind("attempt", taken.attempts())
                    .execute())
        == 1;
  }

  private static final String END =
      """
      update ledger.rerun
         set records = :records, made = :made, message = :message, ended_at = :now
       where job_id = :job and stamp = :stamp and ended_at is null
      """;

  /** Ends it with the new job. */
  public void made(Rerun taken, long records, JobId made) {
    end(taken, records, made, null);
  }

  /** Ends it without a new job, for a reason that its owner should read. */
  public void failed(Rerun taken, String message) {
    end(taken, 0, null, message.replace('\0', '\ufffd'));
  }

  private void end(Rerun taken, long records, @Nullable JobId made, @Nullable String message) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(END)
                .bind("records", records)
                .bind("made", made == null ? null : made.value())
                .bind("message", message)
                .bind("now", clock.instant())
                .bind("job", taken.job().value())
                .bind("stamp", taken.stamp())
                .execute());
  }

  private static Rerun map(ResultSet row, StatementContext context) throws SQLException {
    String made = row.getString("made");
    return new Rerun(
        new JobId(row.getString("job_id")),
        row.getString("stamp"),
        row.getLong("records"),
        row.getInt("attempts"),
        made == null ? null : new JobId(made),
        row.getString("message"),
        row.getObject("ended_at") != null);
  }
}
