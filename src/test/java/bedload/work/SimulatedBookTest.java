package bedload.work;

import bedload.job.JobId;
import bedload.job.Shard;
import bedload.ledger.ShardBook;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The double of simulations keeps what the ledger keeps. */
class SimulatedBookTest implements ShardBookContract {
  private final JobId job = new JobId("simulatedjob");
  private final Map<Integer, String> picks = new HashMap<>();
  private final SimulatedBook book =
      new SimulatedBook(
          List.of(new Shard(job, 0, 0, 0, 100, 0, 10), new Shard(job, 1, 0, 100, 200, 10, 10)),
          SimulatedBook.Flaw.NONE,
          (number, node) -> node.equals(picks.get(number)),
          new SimulatedBook.Fate() {
            @Override
            public <T> T around(Supplier<T> transaction) {
              return transaction.get();
            }
          });

  @Override
  public ShardBook book() {
    return book;
  }

  @Override
  public JobId runningJob() {
    return job;
  }

  @Override
  public void pick(JobId ofJob, int number, String node) {
    picks.put(number, node);
  }

  @Override
  public boolean isAssemblyDue(JobId ofJob) {
    return book.isAssemblyDue();
  }
}
