package bedload.work;

import bedload.database.Database;
import bedload.database.DatabaseAddress;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.ledger.Books;
import bedload.ledger.DatabaseClock;
import bedload.model.ModelMap;
import bedload.model.Patience;
import bedload.object.EmbeddedS3;
import bedload.object.KeyRing;
import bedload.object.ObjectStores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The engine in a process of its own that dies where it is told to: over a database and an S3 that
 * outlive it, or with both of its own, as the service starts them where nobody brings any.
 */
public final class DyingNode {
  /** The most calls that it makes at once, and so the most that its death repeats. */
  static final int MOST_IN_FLIGHT = 16;

  private DyingNode() {}

  /**
   * Arguments: database URL, or a folder for a database and an S3 of its own; S3 URL; model URL;
   * folder; the node's name; milliseconds between heartbeats; a trap, or none. Prints {@code ready
   * DATABASE-URL S3-URL}, and then does as the lines of its input say, until they end.
   */
  public static void main(String[] args) throws IOException {
    if (!args[6].equals("none")) {
      CrashTrap.parse(args[6]).set();
    }
    boolean isOnItsOwn = args[0].startsWith("/");
    DatabaseAddress address =
        isOnItsOwn
            ? TestDatabase.startServer(Path.of(args[0])).address()
            : DatabaseAddress.parse(args[0]);
    Database database = Database.connect(address, 8);
    URI s3 =
        isOnItsOwn
            ? EmbeddedS3.start(
                    "127.0.0.1",
                    0,
                    List.of(),
                    database,
                    Path.of(args[0], "objects"),
                    DyingNode::key)
                .endpoint()
            : URI.create(args[1]);
    work(database, s3, URI.create(args[2]), node(args));
    System.out.println("ready " + address.url() + " " + s3);
    listen();
  }

  private static Node node(String[] args) {
    Heartbeat heartbeat = new Heartbeat(Duration.ofMillis(Long.parseLong(args[5])), 4);
    return new Node(args[4], Path.of(args[3]), heartbeat);
  }

  private static void work(Database database, URI s3, URI model, Node node) {
    DatabaseClock clock = new DatabaseClock(database.jdbi());
    StaticCredentialsProvider keys =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(TestNode.KEY_ID, TestNode.SECRET));
    new Workshop(
            node,
            database.dataSource(),
            clock,
            Books.open(database.jdbi(), clock, RandomGenerator.getDefault()),
            new ObjectStores(s3, TestNode.REGION, (AccountId account) -> keys),
            new ModelMap(
                List.of(CrashNode.chat(model, MOST_IN_FLIGHT)),
                Map.of(),
                Patience.DEFAULT,
                InstantSource.system(),
                RandomGenerator.getDefault()),
            new WorkRules(
                WorkRules.DEFAULT.input(),
                WorkRules.DEFAULT.queue(),
                WorkRules.DEFAULT.permissions(),
                true,
                true))
        .start();
  }

  /** Returns the one key that the S3 knows. */
  static Optional<KeyRing.Key> key(String id) {
    return id.equals(TestNode.KEY_ID)
        ? Optional.of(new KeyRing.Key(TestNode.ACCOUNT, TestNode.SECRET))
        : Optional.empty();
  }

  private static void listen() throws IOException {
    Map<CrashPoint, Integer> counts = new ConcurrentHashMap<>();
    for (CrashPoint point : CrashPoint.values()) {
      counts.put(point, 0);
    }
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = lines.readLine()) != null) {
      switch (line) {
        case "count" -> CrashPoint.watch(point -> counts.merge(point, 1, Integer::sum));
        case "counts" -> System.out.println("counts " + counts);
        case "end" -> System.exit(0);
        default -> CrashTrap.parse(line).set();
      }
      System.out.println("done " + line);
    }
    // Whoever told it what to do is gone.
    Runtime.getRuntime().halt(CrashTrap.DEAD);
  }
}
