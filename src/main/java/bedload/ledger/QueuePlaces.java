package bedload.ledger;

import bedload.job.JobId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The book of where jobs stand that have not ended: their places in the queue, and when they should
 * start and end. It is reckoned for all jobs at once every few seconds, and read as often as
 * anybody likes. Thread-safe.
 */
public final class QueuePlaces {
  /** Whoever waits behind so many learns no more than that. */
  static final int WAITING_AT_MOST = 1_000;

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public QueuePlaces(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  private static final String OF =
      """
      select job_id, position, ahead_records, estimated_start, estimated_end, records_per_second, estimated_at
        from ledger.queue_place
       where job_id = any(:jobs)
      """;

  /**
   * Returns the places of those jobs that have one; whether the jobs are the caller's is not asked
   * here.
   */
  public Map<JobId, QueuePlace> of(Collection<JobId> jobs) {
    String[] ids = jobs.stream().map(JobId::value).toArray(String[]::new);
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(OF)
                .bind("jobs", ids)
                .map(
                    (row, context) ->
                        Map.entry(
                            new JobId(row.getString("job_id")),
                            new QueuePlace(
                                row.getObject("position", Integer.class),
                                row.getObject("ahead_records", Long.class),
                                JobRows.instantOrNull(row, "estimated_start"),
                                JobRows.instantOrNull(row, "estimated_end"),
                                row.getObject("records_per_second", Double.class),
                                JobRows.instant(row, "estimated_at"))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** Returns the place of one job; empty if it has none. */
  public Optional<QueuePlace> of(JobId job) {
    return Optional.ofNullable(of(List.of(job)).get(job));
  }

  // Readers are not held up; a second node that reckons at the same time waits.
  private static final String ONE_AT_A_TIME =
      """
      lock table ledger.queue_place in exclusive mode
      """;

  /** Reckons all places anew. */
  public void reckon(QueueLimits limits) {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> {
          handle.execute(ONE_AT_A_TIME);
          List<Progress> progress = progress(handle);
          List<Forecast.Entry> waiting = waiting(handle);
          if (progress.isEmpty() && waiting.isEmpty()) {
            return;
          }
          Map<String, Double> paces = Paces.measure(handle, progress, now);
          Forecast forecast =
              new Forecast(now, limits, entries(progress, waiting), paces, lastServed(handle));
          write(handle, forecast.play(), progress, now);
        });
  }

  /**
   * How far a job has come that runs, or ran when places were last reckoned.
   *
   * @param before how far it was then; null if it was not yet running
   * @param paceBefore what was reckoned then; null if nothing was known
   */
  record Progress(
      Forecast.Entry entry,
      boolean isRunning,
      long processed,
      @Nullable Long before,
      @Nullable Instant beforeAt,
      @Nullable Double paceBefore) {

    /** Returns how many records were done since places were last reckoned. */
    long done() {
      return Math.max(0, processed - (before == null ? 0 : before));
    }

    /** Returns when it was started. */
    Instant startedAt() {
      Instant started = entry.startedAt();
      if (started == null) {
        throw new IllegalStateException("Job %s runs and was not started".formatted(entry.id()));
      }
      return started;
    }

    /** Returns its records a second of late; null if hardly any was done. */
    @Nullable Double pace(Instant now) {
      Instant from = beforeAt == null ? startedAt() : beforeAt;
      double pace = Paces.smooth(paceBefore, done(), from, startedAt(), now);
      return pace < Paces.SLOWEST ? null : pace;
    }
  }

  // A job that is being stopped makes no more calls: its records are not to be done.
  private static final String PROGRESS =
      """
      select job.id, job.account, job.model_key, job.status, job.submitted_at, job.deadline, job.started_at, job.total,
             coalesce(done.processed, job.success + job.error) as processed,
             place.processed as before, place.estimated_at as before_at, place.records_per_second as pace_before
        from ledger.job
        left join ledger.queue_place place on place.job_id = job.id and place.position is null
        left join lateral (
             select sum(shard.success + shard.error)::bigint as processed
               from ledger.shard
              where shard.job_id = job.id) done on true
       where job.started_at is not null
         and job.id = any(array(
             select id from ledger.job where status in ('InProgress', 'Stopping') and started_at is not null
              union
             select job_id from ledger.queue_place where position is null))
       order by job.started_at, job.id
      """;

  private static List<Progress> progress(Handle handle) {
    return handle
        .createQuery(PROGRESS)
        .map(
            (row, context) -> {
              String status = row.getString("status");
              long processed = row.getLong("processed");
              long toDo = status.equals("InProgress") ? row.getLong("total") - processed : 0;
              return new Progress(
                  new Forecast.Entry(
                      new JobId(row.getString("id")),
                      row.getString("account"),
                      row.getString("model_key"),
                      JobRows.instant(row, "submitted_at"),
                      JobRows.instant(row, "deadline"),
                      JobRows.instant(row, "started_at"),
                      toDo),
                  status.equals("InProgress") || status.equals("Stopping"),
                  processed,
                  row.getObject("before", Long.class),
                  JobRows.instantOrNull(row, "before_at"),
                  row.getObject("pace_before", Double.class));
            })
        .list();
  }

  // The first of every account, so that nobody is left out because of somebody else's thousands.
  private static final String WAITING =
      """
      select id, account, model_key, submitted_at, deadline, total
        from (select *, row_number() over (partition by account order by submitted_at, id) as turn
                from ledger.job
               where status = 'Scheduled') job
       order by turn, submitted_at
       limit :limit
      """;

  private static List<Forecast.Entry> waiting(Handle handle) {
    return handle
        .createQuery(WAITING)
        .bind("limit", WAITING_AT_MOST)
        .map(
            (row, context) ->
                new Forecast.Entry(
                    new JobId(row.getString("id")),
                    row.getString("account"),
                    row.getString("model_key"),
                    JobRows.instant(row, "submitted_at"),
                    JobRows.instant(row, "deadline"),
                    null,
                    row.getLong("total")))
        .list();
  }

  private static final String LAST_SERVED =
      """
      select waiting.account, served.at
        from (select distinct account from ledger.job where status = 'Scheduled') waiting
       cross join lateral (
             select max(started_at) as at from ledger.job where job.account = waiting.account) served
       where served.at is not null
      """;

  private static Map<String, Instant> lastServed(Handle handle) {
    return handle
        .createQuery(LAST_SERVED)
        .map((row, context) -> Map.entry(row.getString("account"), JobRows.instant(row, "at")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static List<Forecast.Entry> entries(
      List<Progress> progress, List<Forecast.Entry> waiting) {
    List<Forecast.Entry> entries =
        progress.stream()
            .filter(Progress::isRunning)
            .map(Progress::entry)
            .collect(Collectors.toList());
    entries.addAll(waiting);
    return entries;
  }

  private static final String FORGET =
      """
      delete from ledger.queue_place
      """;

  private static final String INSERT =
      """
      insert into ledger.queue_place (
             job_id, position, ahead_records, estimated_start, estimated_end, records_per_second, processed, estimated_at)
      values (:job, :position, :ahead, :start, :end, :pace, :processed, :now)
      """;

  private static void write(
      Handle handle, Map<JobId, Forecast.Outlook> outlooks, List<Progress> progress, Instant now) {
    handle.execute(FORGET);
    if (outlooks.isEmpty()) {
      return;
    }
    Map<JobId, Progress> ofJob =
        progress.stream().collect(Collectors.toMap(each -> each.entry().id(), Function.identity()));
    PreparedBatch batch = handle.prepareBatch(INSERT);
    outlooks.forEach(
        (job, outlook) -> {
          Progress come = ofJob.get(job);
          batch
              .bind("job", job.value())
              .bindByType("position", outlook.position(), Integer.class)
              .bindByType("ahead", outlook.aheadRecords(), Long.class)
              .bindByType("start", outlook.start(), Instant.class)
              .bindByType("end", outlook.end(), Instant.class)
              .bindByType("pace", come == null ? null : come.pace(now), Double.class)
              .bind("processed", come == null ? 0 : come.processed())
              .bind("now", now)
              .add();
        });
    batch.execute();
  }
}
