package bedload.ledger;

import bedload.job.JobId;
import bedload.job.Lease;
import bedload.job.Shard;
import java.util.List;
import java.util.Optional;

/** What the protocol of a shard needs of the ledger: claims, fenced commits, fenced ends. */
public interface ShardBook {
  /**
   * Takes a shard, and with that takes it from whoever had it; empty if it has ended, or if the
   * node has not picked its task.
   */
  Optional<Lease> claim(JobId job, int number, String node);

  /** Proves the lease anew and says what the job wants of its holder. */
  Shards.Pulse pulse(Lease lease);

  /** Returns what is durable of a shard. */
  List<Segment> segments(Shard shard);

  /**
   * Records a segment whose object is durable. Doing it again, after an answer that got lost, does
   * no harm.
   *
   * @param failures why records of the segment failed, as far as that is known
   * @return false if the lease is void: nothing was recorded, the shard is another's
   */
  boolean commit(Lease lease, Segment segment, List<RecordFailure> failures);

  /**
   * Ends a shard. If it was the job's last, the next step goes on the list in the same transaction.
   *
   * @param complete whether every record of the shard has its outcome
   * @return false if the lease is void
   */
  boolean finish(Lease lease, boolean complete);
}
