package bedload;

import bedload.Credentials.AccountKeys;
import bedload.database.Database;
import bedload.database.DatabaseAddress;
import bedload.database.DatabaseUnavailableException;
import bedload.database.EmbeddedPostgres;
import bedload.wire.AccessKey;
import bedload.wire.AccessKeys;
import bedload.wire.AwsDoor;
import bedload.wire.CannotListenException;
import bedload.wire.FixedAccessKeys;
import bedload.wire.HttpFront;
import bedload.wire.ListenAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The whole service, from its settings: every object is made here, by {@code new}, in an order in
 * which it can be read. What is started first ends last.
 */
public final class Wiring implements AutoCloseable {
  private final Closing closing;
  private final RunningService service;

  private Wiring(Closing closing, RunningService service) {
    this.closing = closing;
    this.service = service;
  }

  /**
   * Starts a service and returns when it takes calls.
   *
   * @throws CommandFault if something is missing that a user can provide; nothing is left running
   */
  public static Wiring start(Settings settings) {
    Closing closing = new Closing();
    boolean isStarted = false;
    try {
      RunningService service = start(settings, closing);
      isStarted = true;
      return new Wiring(closing, service);
    } catch (DatabaseUnavailableException | CannotListenException e) {
      throw new CommandFault(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
    } finally {
      if (!isStarted) {
        closing.close();
      }
    }
  }

  private static RunningService start(Settings settings, Closing closing) {
    SecureRandom random = new SecureRandom();
    DataDirectory data = closing.add("data directory", DataDirectory.open(settings.data(), random));
    closing.add("log", LogFile.open(data.paths().logs(), false));
    Credentials credentials = Credentials.load(data.paths(), random);
    AccountKeys account = credentials.accounts().getFirst();

    DatabaseAddress address = databaseAddress(settings, data.paths().root(), closing);
    Database database = closing.add("database connections", Database.open(address));

    AwsDoor door =
        new AwsDoor(List.of(), accessKeys(credentials), InstantSource.system(), settings.region());
    HttpFront front =
        closing.add(
            "HTTP server",
            HttpFront.start(
                new ListenAddress(settings.listen().host(), settings.listen().port()),
                door,
                pages -> {}));

    RunningService service =
        new RunningService(
            ProcessHandle.current().pid(),
            settings.listen().withPort(front.port()).url(),
            "",
            settings.region(),
            account.account(),
            account.accessKeyId(),
            account.secretAccessKey(),
            SqlUrl.of(database.address()));
    service.publish(data.paths());
    return service;
  }

  private static DatabaseAddress databaseAddress(Settings settings, Path data, Closing closing) {
    String url = settings.database().url();
    if (url == null) {
      return closing.add("embedded database", EmbeddedPostgres.start(data)).address();
    }
    try {
      return DatabaseAddress.parse(url);
    } catch (IllegalArgumentException e) {
      throw new CommandFault(ExitCode.SETTINGS, String.valueOf(e.getMessage()), e);
    }
  }

  private static AccessKeys accessKeys(Credentials credentials) {
    return new FixedAccessKeys(
        credentials.accounts().stream()
            .map(keys -> new AccessKey(keys.accessKeyId(), keys.account(), keys.secretAccessKey()))
            .toList(),
        credentials.accounts().stream()
            .collect(Collectors.toMap(AccountKeys::bearerKey, AccountKeys::account)));
  }

  /** Returns where the service is and how to speak to it. */
  public RunningService service() {
    return service;
  }

  /** Ends the service in order: no new calls, running work to a safe point, then the database. */
  @Override
  public void close() {
    closing.close();
  }
}
