package bedload.ledger;

import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * The fenced book of shards and segments. A claim raises the shard's epoch; whatever comes under an
 * older one changes nothing and is told so. Thread-safe.
 */
public final class Shards implements ShardBook {
  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time, so that all nodes agree
   */
  public Shards(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  private static final String CLAIM =
      """
      update ledger.shard
         set epoch = epoch + 1, state = 'Running', node = :node,
             pause = case when kept_by is not null then pause end
       where job_id = :job and number = :number and state in ('Ready', 'Running')
         and (kept_by is null or kept_by = :node or not exists (
             select 1
               from ledger.node
              where name = kept_by and seen_at > clock_timestamp() - interval '30 seconds'))
         and exists (
             select 1
               from ledger.shard_task
              where task_name = 'shard' and task_instance = :instance and picked_by = :node)
      returning job_id, number, input, first_byte, end_byte, first_ordinal, records, epoch
      """;

  /**
   * Takes a shard, and with that takes it from whoever had it.
   *
   * <p>Only who has picked the shard's task may: a node that was frozen between its pick and its
   * claim was taken for dead meanwhile, and would steal the shard from its successor, who would
   * then take its own task for done.
   *
   * @return empty if the shard has ended, its task is not the node's, or {@link #isKeptElsewhere}
   */
  @Override
  public Optional<Lease> claim(JobId job, int number, String node) {
    return jdbi.inTransaction(
        handle ->
            handle
                .createQuery(CLAIM)
                .bind("job", job.value())
                .bind("number", number)
                .bind("node", node)
                .bind("instance", Tasks.instance(job, number))
                .map((row, context) -> new Lease(shard(row), row.getInt("epoch")))
                .findOne());
  }

  private static final String KEPT_ELSEWHERE =
      """
      select count(*) > 0
        from ledger.shard
       where job_id = :job and number = :number
         and state = 'Running' and kept_by <> :node
      """;

  /**
   * Says whether answers of a shard are with another node, which has not been silent for half a
   * minute: whoever else took the shard would pay for them again.
   */
  public boolean isKeptElsewhere(JobId job, int number, String node) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(KEPT_ELSEWHERE)
                .bind("job", job.value())
                .bind("number", number)
                .bind("node", node)
                .mapTo(Boolean.class)
                .one());
  }

  private static Shard shard(ResultSet row) throws SQLException {
    return new Shard(
        new JobId(row.getString("job_id")),
        row.getInt("number"),
        row.getInt("input"),
        row.getLong("first_byte"),
        row.getLong("end_byte"),
        row.getLong("first_ordinal"),
        row.getInt("records"));
  }

  private static final String SHARDS =
      """
      select job_id, number, input, first_byte, end_byte, first_ordinal, records
        from ledger.shard
       where job_id = :job
       order by number
      """;

  /** Returns a job's shards in input order; none once the job was swept. */
  public List<Shard> of(JobId job) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SHARDS)
                .bind("job", job.value())
                .map((row, context) -> shard(row))
                .list());
  }

  /** What the holder of a lease should do now. */
  public enum Pulse {
    /** Call the model for what is missing. */
    GO_ON,
    /** Call no more: commit what is there and end the shard. */
    WIND_DOWN,
    /** The shard is another's: touch nothing. */
    LOST
  }

  private static final String PULSE =
      """
      select job.status, job.timed_out, shard.epoch = :epoch and shard.state = 'Running' as held
        from ledger.shard
        join ledger.job on job.id = shard.job_id
       where shard.job_id = :job and shard.number = :number
      """;

  /** Proves the lease anew and says what the job wants of its holder. */
  @Override
  public Pulse pulse(Lease lease) {
    return jdbi.withHandle(
        handle ->
            bindLease(handle.createQuery(PULSE), lease)
                .map((row, context) -> pulse(row))
                .findOne()
                .orElse(Pulse.LOST));
  }

  private static Pulse pulse(ResultSet row) throws SQLException {
    if (!row.getBoolean("held")) {
      return Pulse.LOST;
    }
    boolean runs =
        JobStatus.ofWireName(row.getString("status")) == JobStatus.IN_PROGRESS
            && !row.getBoolean("timed_out");
    return runs ? Pulse.GO_ON : Pulse.WIND_DOWN;
  }

  private static final String PAUSE =
      """
      update ledger.shard
         set pause = :pause
       where job_id = :job and number = :number
         and epoch = :epoch and state = 'Running'
      """;

  /**
   * Says why the holder of a lease makes no calls at present; does nothing if the lease is void or
   * the job has ended.
   *
   * @param sentence for the job's owner; null if calls are made again
   */
  public void pause(Lease lease, @Nullable String sentence) {
    jdbi.useHandle(
        handle -> bindLease(handle.createUpdate(PAUSE), lease).bind("pause", sentence).execute());
  }

  private static final String KEEP =
      """
      update ledger.shard
         set kept_by = :node, pause = :pause
       where job_id = :job and number = :number
         and epoch = :epoch and state = 'Running'
         and success is not null
      """;

  /**
   * Notes that answers of a shard stay with its node because the store refuses them, and takes the
   * job's other shards off the list until {@link #goOn}: no further call is to be paid for it. Does
   * nothing if the lease is void or the job has ended.
   *
   * @param sentence for the job's owner
   */
  public void keep(Lease lease, String node, String sentence) {
    jdbi.useTransaction(
        handle -> {
          JobStatus status = Steps.lock(handle, lease.shard().job());
          int kept =
              bindLease(handle.createUpdate(KEEP), lease)
                  .bind("node", node)
                  .bind("pause", sentence)
                  .execute();
          if (kept == 1 && status == JobStatus.IN_PROGRESS) {
            Tasks.shardsOff(handle, lease.shard().job());
          }
        });
  }

  private static final String KEEP_NO_MORE =
      """
      update ledger.shard
         set kept_by = null, pause = null
       where job_id = :job and number = :number
         and epoch = :epoch and state = 'Running'
         and kept_by is not null
      """;

  /**
   * Notes that a shard's answers are with nobody any more, and puts the job's other shards on the
   * list again. Does nothing if they were not, or if the lease is void.
   */
  public void goOn(Lease lease) {
    jdbi.useTransaction(
        handle -> {
          Steps.lock(handle, lease.shard().job());
          if (bindLease(handle.createUpdate(KEEP_NO_MORE), lease).execute() == 1) {
            Tasks.shardsDue(handle, lease.shard().job());
          }
        });
  }

  private static final String PAUSE_OF_JOB =
      """
      update ledger.shard
         set pause = :pause
       where job_id = :job and number = 0
         and success is not null
      """;

  /**
   * Says why a job whose shards have all ended does not come to its end at present.
   *
   * @param sentence for the job's owner; null if it goes on
   */
  public void pause(JobId job, @Nullable String sentence) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(PAUSE_OF_JOB)
                .bind("job", job.value())
                .bind("pause", sentence)
                .execute());
  }

  private static final String FENCE =
      """
      select 1
        from ledger.shard
       where job_id = :job and number = :number
         and epoch = :epoch and state = 'Running'
         for update
      """;

  private static boolean holds(Handle handle, Lease lease) {
    return bindLease(handle.createQuery(FENCE), lease).mapTo(Integer.class).findOne().isPresent();
  }

  private static <S extends org.jdbi.v3.core.statement.SqlStatement<S>> S bindLease(
      S statement, Lease lease) {
    return statement
        .bind("job", lease.shard().job().value())
        .bind("number", lease.shard().number())
        .bind("epoch", lease.epoch());
  }

  private static final String INSERT_SEGMENT =
      """
      insert into ledger.segment (
             job_id, shard, epoch, sequence, ordinals, success, error, size_bytes, crc32c,
             input_tokens, output_tokens, cache_read_tokens, cache_write_tokens)
      values (:job, :shard, :epoch, :sequence, :ordinals, :success, :error, :size, :crc32c,
             :input, :output, :cacheRead, :cacheWrite)
      on conflict do nothing
      """;

  private static final String ADD_COUNTS =
      """
      update ledger.shard
         set success = success + :success, error = error + :error, counted_at = :now
       where job_id = :job and number = :number
      """;

  /** Records a segment as {@link #commit(Lease, Segment, List)}, without saying what failed. */
  public boolean commit(Lease lease, Segment segment) {
    return commit(lease, segment, List.of());
  }

  /**
   * Records a segment whose object is durable, and why records in it failed. Doing it again, after
   * an answer that got lost, does no harm.
   *
   * @return false if the lease is void: nothing was recorded, the shard is another's
   */
  @Override
  public boolean commit(Lease lease, Segment segment, List<RecordFailure> failures) {
    return jdbi.inTransaction(
        handle -> {
          if (!holds(handle, lease)) {
            return false;
          }
          TokenUsage tokens = segment.tokens();
          boolean isNew =
              handle
                      .createUpdate(INSERT_SEGMENT)
                      .bind("job", lease.shard().job().value())
                      .bind("shard", lease.shard().number())
                      .bind("epoch", segment.epoch())
                      .bind("sequence", segment.sequence())
                      .bind("ordinals", segment.ordinals().toBytes())
                      .bind("success", segment.success())
                      .bind("error", segment.error())
                      .bind("size", segment.sizeBytes())
                      .bind("crc32c", segment.crc32c())
                      .bind("input", tokens.input())
                      .bind("output", tokens.output())
                      .bind("cacheRead", tokens.cacheRead())
                      .bind("cacheWrite", tokens.cacheWrite())
                      .execute()
                  == 1;
          if (isNew) {
            handle
                .createUpdate(ADD_COUNTS)
                .bind("success", segment.success())
                .bind("error", segment.error())
                .bind("job", lease.shard().job().value())
                .bind("number", lease.shard().number())
                .bind("now", clock.instant())
                .execute();
            RecordErrors.add(handle, lease.shard(), failures, clock.instant());
          }
          return true;
        });
  }

  private static final String SEGMENTS =
      """
      select epoch, sequence, ordinals, success, error, size_bytes, crc32c,
             input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
        from ledger.segment
       where job_id = :job and shard = :shard
       order by epoch, sequence
      """;

  /** Returns what is durable of a shard. */
  @Override
  public List<Segment> segments(Shard shard) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SEGMENTS)
                .bind("job", shard.job().value())
                .bind("shard", shard.number())
                .map(Shards::segment)
                .list());
  }

  private static Segment segment(ResultSet row, StatementContext context) throws SQLException {
    return new Segment(
        row.getInt("epoch"),
        row.getInt("sequence"),
        Ordinals.fromBytes(row.getBytes("ordinals")),
        row.getInt("success"),
        row.getInt("error"),
        new TokenUsage(
            (Long) row.getObject("input_tokens"),
            (Long) row.getObject("output_tokens"),
            (Long) row.getObject("cache_read_tokens"),
            (Long) row.getObject("cache_write_tokens")),
        row.getLong("size_bytes"),
        row.getLong("crc32c"));
  }

  private static final String FINISH =
      """
      update ledger.shard
         set state = :state, pause = null, kept_by = null
       where job_id = :job and number = :number
         and epoch = :epoch and state = 'Running'
      """;

  /**
   * Ends a shard. If it was the job's last, the next step goes on the list in the same transaction:
   * a process that dies right after cannot leave a job that nobody ends.
   *
   * @param complete whether every record of the shard has its outcome
   * @return false if the lease is void
   */
  @Override
  public boolean finish(Lease lease, boolean complete) {
    return jdbi.inTransaction(
        handle -> {
          // The job's row first: two last shards that end at once must see each other.
          Steps.lock(handle, lease.shard().job());
          boolean held =
              bindLease(handle.createUpdate(FINISH), lease)
                      .bind("state", complete ? "Done" : "Left")
                      .execute()
                  == 1;
          if (held) {
            callForNextStepIfLast(handle, lease.shard().job(), clock.instant());
          }
          return held;
        });
  }

  private static final String LEAVE_READY =
      """
      update ledger.shard
         set state = 'Left'
       where job_id = :job and state = 'Ready'
      """;

  private static final String COUNT_NO_MORE =
      """
      update ledger.shard
         set success = null, error = null, pause = null
       where job_id = :job
      """;

  /**
   * Leaves a job's figures to its own row, now that it has ended. What its shards had answered is
   * either in those, or nobody will ever have it.
   */
  static void countNoMore(Handle handle, JobId job) {
    handle.createUpdate(COUNT_NO_MORE).bind("job", job.value()).execute();
  }

  static void leaveReady(Handle handle, JobId job) {
    handle.createUpdate(LEAVE_READY).bind("job", job.value()).execute();
  }

  private static final String OPEN =
      """
      select count(*)
        from ledger.shard
       where job_id = :job and state in ('Ready', 'Running')
      """;

  /**
   * Calls for assembly once no shard is open, or for the sweep if the job has ended. The job's row
   * must be locked.
   */
  static void callForNextStepIfLast(Handle handle, JobId job, Instant now) {
    int open = handle.createQuery(OPEN).bind("job", job.value()).mapTo(Integer.class).one();
    if (open == 0) {
      if (Steps.lock(handle, job).isFinal()) {
        Tasks.sweepsDue(handle, job, now);
      } else {
        Tasks.due(handle, Tasks.Step.ASSEMBLE, job, now);
      }
    }
  }

  private static final String DELETE_SEGMENTS =
      """
      delete from ledger.segment
       where job_id = :job
      """;

  private static final String DELETE_SHARDS =
      """
      delete from ledger.shard
       where job_id = :job
      """;

  /** Forgets the shards and segments of a job that has ended; its figures stand in its own row. */
  public void forget(JobId job) {
    jdbi.useTransaction(
        handle -> {
          JobStatus status = Steps.lock(handle, job);
          if (!status.isFinal()) {
            throw new IllegalStateException(
                "Job %s is %s: its shards are still needed".formatted(job, status.wireName()));
          }
          handle.createUpdate(DELETE_SEGMENTS).bind("job", job.value()).execute();
          handle.createUpdate(DELETE_SHARDS).bind("job", job.value()).execute();
        });
  }
}
