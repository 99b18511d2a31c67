package bedload.ledger;

import bedload.job.InputObject;
import bedload.job.JobStatus;
import bedload.job.Shard;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What validation makes of a job.
 *
 * @param shards in input order
 * @param message what the owner should know though nothing failed; null if nothing
 * @param test what a test clock does to the job; null on its ordinary way
 */
public record Plan(
    List<InputObject> inputs, List<Shard> shards, @Nullable String message, @Nullable Test test) {
  /** Returns the plan of a job on its ordinary way, of which there is nothing to say. */
  public static Plan of(List<InputObject> inputs, List<Shard> shards) {
    return new Plan(inputs, shards, null, null);
  }

  /**
   * What a test clock does to a job.
   *
   * @param deadline when the timeout comes, in place of the one that was asked for
   * @param shardsToRun how many of the shards are let run, from the first
   * @param end the end that comes when those are done: Stopped or PartiallyCompleted; null for
   *     whichever comes by itself
   */
  public record Test(Instant deadline, int shardsToRun, @Nullable JobStatus end) {
    private static final Set<JobStatus> ENDS =
        EnumSet.of(JobStatus.PARTIALLY_COMPLETED, JobStatus.STOPPED);

    public Test {
      if (end != null && !ENDS.contains(end)) {
        throw new IllegalArgumentException("No job is brought to the end " + end.wireName());
      }
    }
  }

  public Plan {
    inputs = List.copyOf(inputs);
    shards = List.copyOf(shards);
  }

  int shardsToRun() {
    return test == null ? shards.size() : test.shardsToRun();
  }
}
