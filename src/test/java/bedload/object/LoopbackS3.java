package bedload.object;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.wire.SlowBodies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** An embedded S3 at a free port with two accounts, over a database and a folder of its own. */
public final class LoopbackS3 implements AutoCloseable {
  public static final AccountId ALICE = new AccountId("111111111111");
  public static final AccountId BOB = new AccountId("222222222222");
  private static final Map<AccountId, AwsBasicCredentials> KEYS =
      Map.of(
          ALICE, AwsBasicCredentials.create("AKIAALICE", "alice's secret"),
          BOB, AwsBasicCredentials.create("AKIABOB", "bob's secret"));

  /** A bucket may be part of the host's name under this one. */
  static final String DOMAIN = "s3.example.internal";

  private final Database database = TestDatabase.create();
  private final Path folder;
  private final Duration patience;
  private EmbeddedS3 server;
  private ObjectStores stores;

  public LoopbackS3(Path folder) {
    this(folder, SlowBodies.PATIENCE);
  }

  /**
   * As above, with another patience.
   *
   * @param patience how long a body may take
   */
  LoopbackS3(Path folder, Duration patience) {
    this.folder = folder;
    this.patience = patience;
    this.server = start();
    this.stores = connect();
  }

  private EmbeddedS3 start() {
    try {
      return EmbeddedS3.start(
          "127.0.0.1", 0, List.of(DOMAIN), database, folder, LoopbackS3::key, patience);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tries to start another one there, and ends it if it does. */
  public static void startAt(int port, Path folder) throws IOException {
    try (Database database = TestDatabase.create()) {
      EmbeddedS3.start("127.0.0.1", port, List.of(), database, folder, LoopbackS3::key).close();
    }
  }

  private static Optional<KeyRing.Key> key(String accessKeyId) {
    return KEYS.entrySet().stream()
        .filter(entry -> entry.getValue().accessKeyId().equals(accessKeyId))
        .map(entry -> new KeyRing.Key(entry.getKey(), entry.getValue().secretAccessKey()))
        .findFirst();
  }

  private ObjectStores connect() {
    return new ObjectStores(
        server.endpoint(), "us-east-1", account -> StaticCredentialsProvider.create(keys(account)));
  }

  /** Ends the server and starts one anew over the same database and folder. */
  public void restart() {
    stores.close();
    server.close();
    server = start();
    stores = connect();
  }

  /** Makes it as empty as at the beginning. */
  public void clear() {
    execute("truncate object.bucket, object.object, object.upload, object.file");
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public EmbeddedS3 server() {
    return server;
  }

  public ObjectStores stores() {
    return stores;
  }

  public ObjectStore store() {
    return stores.of(ALICE);
  }

  public S3Client client(AccountId account) {
    return stores.client(account);
  }

  public static AwsBasicCredentials keys(AccountId account) {
    return Objects.requireNonNull(KEYS.get(account));
  }

  /** Runs a statement behind the server's back. */
  public void execute(String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }

  /** Returns the names of the files on disk. */
  public Set<String> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(path -> String.valueOf(path.getFileName()))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how many rows the table of the schema {@code object} has. */
  public int rows(String table) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select count(*) from object." + table)
                    .mapTo(Integer.class)
                    .one());
  }

  @Override
  public void close() {
    stores.close();
    server.close();
    database.close();
  }
}
