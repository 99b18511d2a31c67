package bedload.ledger;

import bedload.job.JobId;
import bedload.job.Lease;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Claims as a node makes them that has picked the shard's task, without a scheduler. */
public final class PickedShard {
  private PickedShard() {}

  private static final String PICK =
      """
      insert into ledger.shard_task (task_name, task_instance, execution_time, picked, picked_by, version)
      values ('shard', :instance, now(), true, :node, 1)
      on conflict (task_name, task_instance) do update
         set picked = true, picked_by = :node
      """;

  private static final String LET_GO =
      """
      update ledger.shard_task
         set picked = false, picked_by = null
       where task_instance = :instance
      """;

  /** Gives the task of a shard to a node, whoever has it. */
  public static void pick(Jdbi jdbi, JobId job, int number, String node) {
    String instance = job.value() + "/" + number;
    jdbi.useHandle(
        handle ->
            handle.createUpdate(PICK).bind("instance", instance).bind("node", node).execute());
  }

  /** Picks the task, claims the shard, and lets go of the task. */
  public static Optional<Lease> claim(
      Jdbi jdbi, Shards shards, JobId job, int number, String node) {
    String instance = job.value() + "/" + number;
    pick(jdbi, job, number, node);
    Optional<Lease> lease = shards.claim(job, number, node);
    jdbi.useHandle(handle -> handle.createUpdate(LET_GO).bind("instance", instance).execute());
    return lease;
  }
}
