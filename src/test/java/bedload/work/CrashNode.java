package bedload.work;

import bedload.database.Database;
import bedload.database.DatabaseAddress;
import bedload.job.AccountId;
import bedload.ledger.Books;
import bedload.ledger.DatabaseClock;
import bedload.model.ModelEntry;
import bedload.model.ModelMap;
import bedload.model.Patience;
import bedload.model.body.Family;
import bedload.object.ObjectStores;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The engine alone in a process of its own, over a database and an S3 endpoint that outlive it. */
public final class CrashNode {
  /** The most calls that a node makes at once, and so the most that its death repeats. */
  static final int MOST_IN_FLIGHT = 64;

  private CrashNode() {}

  /**
   * Arguments: database URL, S3 URL, access key, secret, model URL, folder, the node's name,
   * milliseconds between heartbeats. Works until killed.
   */
  public static void main(String[] args) throws InterruptedException {
    Database database = Database.connect(DatabaseAddress.parse(args[0]), 8);
    DatabaseClock clock = new DatabaseClock(database.jdbi());
    Books books = Books.open(database.jdbi(), clock, RandomGenerator.getDefault());
    StaticCredentialsProvider keys =
        StaticCredentialsProvider.create(AwsBasicCredentials.create(args[2], args[3]));
    ObjectStores stores =
        new ObjectStores(URI.create(args[1]), "us-east-1", (AccountId account) -> keys);
    ModelMap models =
        new ModelMap(
            List.of(chat(URI.create(args[4]))),
            Map.of(),
            Patience.DEFAULT,
            InstantSource.system(),
            RandomGenerator.getDefault());
    new Workshop(
            new Node(
                args[6],
                Path.of(args[5]),
                new Heartbeat(Duration.ofMillis(Long.parseLong(args[7])), 4)),
            database.dataSource(),
            clock,
            books,
            stores,
            models,
            WorkRules.DEFAULT)
        .start();
    Thread.currentThread().join();
  }

  private static ModelEntry chat(URI url) {
    return chat(url, MOST_IN_FLIGHT);
  }

  /** Returns the entry of a model of chats with so many calls in flight, from the first moment. */
  static ModelEntry chat(URI url, int inFlight) {
    ModelEntry.Server server =
        new ModelEntry.Server(
            url, "tiny", null, ModelEntry.Server.DEFAULT_DEADLINE, inFlight, inFlight);
    return new ModelEntry("acme.chat", server, Family.OPENAI_CHAT);
  }
}
