package bedload.ledger;

import bedload.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What is to be done next. A task is written in the transaction of the change that calls for it, so
 * neither is there without the other; db-scheduler picks the rows, beats their hearts and revives
 * those of dead nodes.
 */
public final class Tasks {
  /** The table of the short steps. */
  public static final String TABLE = "ledger.task";

  /** The table of the shards to run. */
  public static final String SHARD_TABLE = "ledger.shard_task";

  /** The name of every task in {@link #SHARD_TABLE}. */
  public static final String SHARD = "shard";

  private final Jdbi jdbi;

  public Tasks(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The short steps of a job's life, in their order. */
  public enum Step {
    /** Check every line and cut shards. */
    VALIDATE,
    /** Let the next ones run: this job joined the queue, or left a place. */
    START,
    /** Write the outputs and the manifest. */
    ASSEMBLE,
    /** Remove what only a running job needs. */
    SWEEP,
    /** Do that again, for what came late: a node that was frozen writes what it had begun. */
    SWEEP_AGAIN;

    /** Returns the name of the task. */
    public String taskName() {
      return switch (this) {
        case VALIDATE -> "validate";
        case START -> "start";
        case ASSEMBLE -> "assemble";
        case SWEEP -> "sweep";
        case SWEEP_AGAIN -> "sweep-again";
      };
    }
  }

  private static final String DUE =
      """
      insert into ledger.task (task_name, task_instance, execution_time, picked, version)
      values (:name, :job, :at, false, 1)
      on conflict do nothing
      """;

  /** Puts a step on the list; one that is there already stays as it is. */
  static void due(Handle handle, Step step, JobId job, Instant at) {
    handle
        .createUpdate(DUE)
        .bind("name", step.taskName())
        .bind("job", job.value())
        .bind("at", at)
        .execute();
  }

  /** When the second sweep comes: an hour after its end nothing of a job is left. */
  static final Duration SWEEP_AGAIN_AFTER = Duration.ofMinutes(45);

  /** Puts both sweeps of a job that has ended on the list. */
  static void sweepsDue(Handle handle, JobId job, Instant now) {
    due(handle, Step.SWEEP, job, now);
    due(handle, Step.SWEEP_AGAIN, job, now.plus(SWEEP_AGAIN_AFTER));
  }

  // The times are turns, all of them in the past, and only their order counts. A job begins right
  // before the turn that the list has come to, and its shards are a turn apart: so jobs share the
  // workers shard by shard, and a large one that came first does not hold up those after it. Times
  // of our own days are those of shards to be tried again, and no turns.
  private static final String SHARDS_DUE =
      """
      insert into ledger.shard_task (task_name, task_instance, execution_time, picked, version)
      select 'shard', shard.job_id || '/' || shard.number,
             now.turn + shard.number * interval '1 millisecond', false, 1
        from ledger.shard
       cross join (
             select coalesce(min(execution_time) - interval '1 millisecond',
                             timestamptz '2001-01-01T00:00:00Z') as turn
               from ledger.shard_task
              where not picked and execution_time < timestamptz '2020-01-01T00:00:00Z') now
       where shard.job_id = :job and shard.state = 'Ready'
      on conflict do nothing
      """;

  static void shardsDue(Handle handle, JobId job) {
    handle.createUpdate(SHARDS_DUE).bind("job", job.value()).execute();
  }

  private static final String SHARDS_OFF =
      """
      delete from ledger.shard_task
       using ledger.shard
       where shard.job_id = :job and shard.state <> 'Running'
         and task_name = 'shard' and task_instance = shard.job_id || '/' || shard.number
         and not picked
      """;

  /**
   * Takes the shards off the list that nobody has begun. One that was begun has to be ended by
   * somebody, and may have no other task than the next try.
   */
  static void shardsOff(Handle handle, JobId job) {
    handle.createUpdate(SHARDS_OFF).bind("job", job.value()).execute();
  }

  private static final String WITHOUT_PLACE =
      """
      select split_part(task_instance, '/', 1)
        from ledger.shard_task
       group by 1
      having bool_and(not picked) and min(execution_time) <= :now
      """;

  /** Returns the jobs that wait: a shard of theirs is due, and none runs on any node. */
  public Set<JobId> jobsWithoutPlace(Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(WITHOUT_PLACE)
                .bind("now", now)
                .mapTo(String.class)
                .map(JobId::new)
                .collect(Collectors.toUnmodifiableSet()));
  }

  private static final String TRY_NOW =
      """
      update ledger.shard_task
         set execution_time = :now, version = version + 1
       where task_name = 'shard' and task_instance like :job || '/%'
         and not picked and execution_time > :now
      """;

  /** Lets shards that wait for their next try have it now. */
  static void tryShardsNow(Handle handle, JobId job, Instant now) {
    handle.createUpdate(TRY_NOW).bind("job", job.value()).bind("now", now).execute();
  }

  private static final String RELEASE =
      """
      update %s
         set picked = false, picked_by = null, last_heartbeat = null, version = version + 1
       where picked and picked_by = :node
      """;

  /**
   * Frees what a node had picked before it died. To be called by that node alone, at its start,
   * when nothing of its former life can run any more: without it the work would wait until its
   * heart is missed.
   *
   * @return how many tasks are free again
   */
  public int releaseOf(String node) {
    return jdbi.inTransaction(
        handle ->
            handle.createUpdate(RELEASE.formatted(TABLE)).bind("node", node).execute()
                + handle.createUpdate(RELEASE.formatted(SHARD_TABLE)).bind("node", node).execute());
  }

  /** Returns the name of a shard's task instance. */
  static String instance(JobId job, int number) {
    return job.value() + "/" + number;
  }
}
