package bedload.work;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.JobId;
import bedload.ledger.Books;
import bedload.ledger.PickedShard;
import bedload.ledger.RunningJob;
import bedload.ledger.ShardBook;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The ledger's book over a real PostgreSQL. */
class LedgerShardBookTest implements ShardBookContract {
  private Database database;
  private Books books;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    books = Books.open(database.jdbi(), InstantSource.system(), RandomGenerator.getDefault());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public ShardBook book() {
    return books.shards();
  }

  @Override
  public JobId runningJob() {
    return RunningJob.start(books, 2, 10);
  }

  @Override
  public void pick(JobId job, int number, String node) {
    PickedShard.pick(database.jdbi(), job, number, node);
  }

  @Override
  public boolean isAssemblyDue(JobId job) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "select exists (select 1 from ledger.task where task_name = 'assemble' and task_instance = :job)")
                    .bind("job", job.value())
                    .mapTo(boolean.class)
                    .one());
  }
}
