package bedload.ledger;

import bedload.job.InputObject;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a job's life, each one transaction: the status, its event, the task that follows.
 * Thread-safe. Wherever a step touches shards too, the job's row is locked first, so that steps and
 * the ends of shards come one after another.
 */
public final class Steps {
  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time, so that all nodes agree
   */
  public Steps(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  private static final String FIND =
      JobRows.SELECT
          + """
           where job.id = :id
          """;

  /** Returns a job, whoever owns it. */
  public Optional<Job> find(JobId id) {
    return jdbi.withHandle(
        handle -> handle.createQuery(FIND).bind("id", id.value()).map(JobRows::map).findOne());
  }

  /** Submitted to Validating; returns false if the job had left Submitted. */
  public boolean beginValidating(JobId id) {
    return jdbi.inTransaction(
        handle ->
            move(handle, id, JobStatus.SUBMITTED, JobStatus.VALIDATING, null, clock.instant()));
  }

  private static final String SET_PLAN =
      """
      update ledger.job
         set total = :total,
             deadline = coalesce(:deadline, deadline),
             asked_end = :askedEnd
       where id = :id
      """;

  private static final String INSERT_INPUT =
      """
      insert into ledger.input (job_id, number, uri, relative_name, size_bytes, etag, records)
      values (:job, :number, :uri, :name, :size, :etag, :records)
      """;

  private static final String INSERT_SHARD =
      """
      insert into ledger.shard (job_id, number, input, first_byte, end_byte, first_ordinal, records, state)
      values (:job, :number, :input, :firstByte, :endByte, :firstOrdinal, :records, :state)
      """;

  /**
   * Validating to Scheduled, with the inputs and shards that validation found.
   *
   * @return false if the job had left Validating, in which case nothing is written
   */
  public boolean schedule(JobId id, Plan plan) {
    return jdbi.inTransaction(
        handle -> {
          if (lock(handle, id) != JobStatus.VALIDATING) {
            return false;
          }
          setPlan(handle, id, plan);
          insertInputs(handle, id, plan.inputs());
          insertShards(handle, plan);
          Instant now = clock.instant();
          move(handle, id, JobStatus.VALIDATING, JobStatus.SCHEDULED, plan.message(), now);
          Tasks.due(handle, Tasks.Step.START, id, now);
          return true;
        });
  }

  private static void setPlan(Handle handle, JobId id, Plan plan) {
    Plan.Test test = plan.test();
    JobStatus end = test == null ? null : test.end();
    handle
        .createUpdate(SET_PLAN)
        .bind("total", plan.inputs().stream().mapToLong(InputObject::records).sum())
        .bindByType("deadline", test == null ? null : test.deadline(), Instant.class)
        .bind("askedEnd", end == null ? null : end.wireName())
        .bind("id", id.value())
        .execute();
  }

  private static void insertInputs(Handle handle, JobId id, List<InputObject> inputs) {
    PreparedBatch batch = handle.prepareBatch(INSERT_INPUT);
    for (InputObject input : inputs) {
      batch
          .bind("job", id.value())
          .bind("number", input.number())
          .bind("uri", input.uri().toString())
          .bind("name", input.relativeName())
          .bind("size", input.sizeBytes())
          .bind("etag", input.etag())
          .bind("records", input.records())
          .add();
    }
    batch.execute();
  }

  private static void insertShards(Handle handle, Plan plan) {
    PreparedBatch batch = handle.prepareBatch(INSERT_SHARD);
    for (Shard shard : plan.shards()) {
      batch
          .bind("job", shard.job().value())
          .bind("number", shard.number())
          .bind("input", shard.input())
          .bind("firstByte", shard.firstByte())
          .bind("endByte", shard.endByte())
          .bind("firstOrdinal", shard.firstOrdinal())
          .bind("records", shard.records())
          .bind("state", shard.number() < plan.shardsToRun() ? "Ready" : "Left")
          .add();
    }
    batch.execute();
  }

  private static final String SET_FIGURES =
      """
      update ledger.job
         set success = :success, error = :error,
             input_tokens = :input, output_tokens = :output,
             cache_read_tokens = :cacheRead, cache_write_tokens = :cacheWrite
       where id = :id
      """;

  /**
   * Ends a job whose outputs are written, with its final figures.
   *
   * @return false if the job had left {@code from}
   */
  public boolean end(
      JobId id, JobStatus from, JobStatus to, RecordCounts counts, TokenUsage tokens) {
    return end(id, from, to, counts, tokens, null);
  }

  /**
   * Fails a job whose outputs are written but lack records that were answered, with its final
   * figures and a message that its owner should read.
   *
   * @return false if the job had left {@code from}
   */
  public boolean failWithOutputs(
      JobId id, JobStatus from, RecordCounts counts, TokenUsage tokens, String message) {
    return end(id, from, JobStatus.FAILED, counts, tokens, message);
  }

  private boolean end(
      JobId id,
      JobStatus from,
      JobStatus to,
      RecordCounts counts,
      TokenUsage tokens,
      @Nullable String message) {
    return jdbi.inTransaction(
        handle -> {
          if (lock(handle, id) != from) {
            return false;
          }
          handle
              .createUpdate(SET_FIGURES)
              .bind("success", counts.success())
              .bind("error", counts.error())
              .bind("input", tokens.input())
              .bind("output", tokens.output())
              .bind("cacheRead", tokens.cacheRead())
              .bind("cacheWrite", tokens.cacheWrite())
              .bind("id", id.value())
              .execute();
          Instant now = clock.instant();
          move(handle, id, from, to, message, now);
          Tasks.sweepsDue(handle, id, now);
          // Its place is free: the next one need not wait for anything else.
          Tasks.due(handle, Tasks.Step.START, id, now);
          return true;
        });
  }

  /**
   * Fails a job for a reason that its owner should read.
   *
   * @return false if it had ended already
   */
  public boolean fail(JobId id, String message) {
    return fail(id, message, List.of());
  }

  /**
   * Fails a job for lines that are no records, and keeps those.
   *
   * @return false if it had ended already
   */
  public boolean fail(JobId id, String message, List<InputFault> faults) {
    return jdbi.inTransaction(
        handle -> {
          JobStatus status = lock(handle, id);
          if (status.isFinal()) {
            return false;
          }
          Instant now = clock.instant();
          move(handle, id, status, JobStatus.FAILED, message.replace('\0', '\ufffd'), now);
          Inputs.insertFaults(handle, id, faults);
          windDown(handle, id, now);
          Tasks.due(handle, Tasks.Step.START, id, now);
          return true;
        });
  }

  private static final String OVERDUE =
      """
      select id
        from ledger.job
       where status in ('Scheduled', 'InProgress')
         and not timed_out
         and deadline <= :now
       order by deadline
       limit 100
      """;

  private static final String SET_TIMED_OUT =
      """
      update ledger.job
         set timed_out = true
       where id = :id
      """;

  /**
   * Acts on timeouts that have come: a job that waits expires, one that runs winds down and keeps
   * what it has.
   *
   * @return how many jobs were touched, 100 at most
   */
  public int timeOut() {
    Instant now = clock.instant();
    List<String> overdue =
        jdbi.withHandle(
            handle -> handle.createQuery(OVERDUE).bind("now", now).mapTo(String.class).list());
    overdue.forEach(id -> timeOut(new JobId(id), now));
    return overdue.size();
  }

  private static final String TIMED_OUT =
      """
      select timed_out
        from ledger.job
       where id = :id
      """;

  /** Says whether the timeout came while the job was running. */
  public boolean hasTimedOut(JobId id) {
    return jdbi.withHandle(
        handle -> handle.createQuery(TIMED_OUT).bind("id", id.value()).mapTo(Boolean.class).one());
  }

  private void timeOut(JobId id, Instant now) {
    jdbi.useTransaction(
        handle -> {
          switch (lock(handle, id)) {
            case SCHEDULED -> {
              move(handle, id, JobStatus.SCHEDULED, JobStatus.EXPIRED, null, now);
              windDown(handle, id, now);
            }
            case IN_PROGRESS -> {
              handle.createUpdate(SET_TIMED_OUT).bind("id", id.value()).execute();
              windDown(handle, id, now);
            }
            // It moved on in between: its end is somebody else's.
            case SUBMITTED, VALIDATING, STOPPING -> {}
            case COMPLETED, PARTIALLY_COMPLETED, FAILED, STOPPED, EXPIRED -> {}
          }
        });
  }

  private static final String ASKED_END =
      """
      select asked_end
        from ledger.job
       where id = :id
      """;

  /**
   * Brings about the end that a test clock has in store for the job, now that its shards are done:
   * a stop or a timeout, as if it came at this moment. Does nothing for any other job.
   *
   * @return whether there was such an end
   */
  public boolean meetAskedEnd(JobId id) {
    return jdbi.inTransaction(
        handle -> {
          JobStatus status = lock(handle, id);
          Optional<JobStatus> asked =
              handle
                  .createQuery(ASKED_END)
                  .bind("id", id.value())
                  .mapTo(String.class)
                  .findOne()
                  .map(JobStatus::ofWireName);
          if (status != JobStatus.IN_PROGRESS || asked.isEmpty()) {
            return false;
          }
          if (asked.get() == JobStatus.STOPPED) {
            move(handle, id, status, JobStatus.STOPPING, null, clock.instant());
          } else {
            handle.createUpdate(SET_TIMED_OUT).bind("id", id.value()).execute();
          }
          return true;
        });
  }

  private static final String SET_MESSAGE =
      """
      update ledger.job
         set message = :message
       where id = :id and status in ('InProgress', 'Stopping')
      """;

  /**
   * Says something of a running job that its owner should read when it has ended; one that has
   * ended keeps what was said of its end.
   */
  public void remark(JobId id, String message) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(SET_MESSAGE)
                .bind("id", id.value())
                .bind("message", message)
                .execute());
  }

  private static final String LOCK =
      """
      select status
        from ledger.job
       where id = :id
         for update
      """;

  /** Locks a job's row until the transaction ends, and returns its status. */
  static JobStatus lock(Handle handle, JobId id) {
    return JobStatus.ofWireName(
        handle.createQuery(LOCK).bind("id", id.value()).mapTo(String.class).one());
  }

  private static final String MOVE =
      """
      update ledger.job
         set status = :to,
             message = coalesce(:message, message),
             changed_at = :now,
             ended_at = case when :ends and (:to <> 'Stopped' or started_at is not null) then cast(:now as timestamptz) end
       where id = :id and status = :from
      """;

  /**
   * Moves a job to its next status and records the event, or does neither.
   *
   * @return false if the job had already left {@code from}: somebody else was first
   * @throws IllegalArgumentException if no job may take that step
   */
  static boolean move(
      Handle handle,
      JobId id,
      JobStatus from,
      JobStatus to,
      @Nullable String message,
      Instant now) {
    if (!from.next().contains(to)) {
      throw new IllegalArgumentException(
          "Job %s cannot go from %s to %s".formatted(id, from.wireName(), to.wireName()));
    }
    boolean moved =
        handle
                .createUpdate(MOVE)
                .bind("id", id.value())
                .bind("from", from.wireName())
                .bind("to", to.wireName())
                .bind("message", message)
                .bind("ends", to.isFinal())
                .bind("now", now.truncatedTo(ChronoUnit.MILLIS))
                .execute()
            == 1;
    if (moved && to.isFinal()) {
      Shards.countNoMore(handle, id);
    }
    if (moved) {
      recordEvent(handle, id);
    }
    return moved;
  }

  private static final String RECORD_EVENT =
      """
      with event as (
           insert into ledger.job_event (job_id, at, status, message, ended_at, total, success, error)
           select job.id, job.changed_at, job.status, job.message, job.ended_at, job.total, job.success, job.error
             from ledger.job
            where job.id = :id
           returning sequence, job_id)
      insert into ledger.announcement (audience, sequence, job_id)
      select audience.name, event.sequence, event.job_id
        from event
        join ledger.audience on audience.hears = 'steps'
      """;

  static void recordEvent(Handle handle, JobId id) {
    handle.createUpdate(RECORD_EVENT).bind("id", id.value()).execute();
  }

  /**
   * Takes back every shard that nobody has begun; those that run, or wait for their next try, see
   * the job's new state and end by themselves. Whoever is last calls for the next step, and if
   * nothing runs that is this call. The job's row must be locked.
   */
  static void windDown(Handle handle, JobId id, Instant now) {
    Shards.leaveReady(handle, id);
    Tasks.shardsOff(handle, id);
    Tasks.tryShardsNow(handle, id, now);
    Shards.callForNextStepIfLast(handle, id, now);
  }
}
