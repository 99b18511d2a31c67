package bedload.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL that bedload brings along, starts and stops: a real server process with durable
 * commits, reachable from this machine only and with a password only. Its files are in the folder
 * {@code postgres} of the data directory.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String HOST = "127.0.0.1";
  private static final int PORT_ATTEMPTS = 3;

  private final FolderLock lock;
  private final Postmaster postmaster;
  private final DatabaseAddress address;
  private final Watchdog watchdog;
  private boolean isStopped;

  private EmbeddedPostgres(
      FolderLock lock, Postmaster postmaster, DatabaseAddress address, Watchdog watchdog) {
    this.lock = lock;
    this.postmaster = postmaster;
    this.address = address;
    this.watchdog = watchdog;
  }

  /**
   * Starts the server of a data directory, and makes both at the first time. Returns when it takes
   * connections. A server that a killed bedload has left behind is stopped first; nothing that was
   * committed is lost by that. From then on the server is started again whenever it ends by itself.
   *
   * @throws DatabaseUnavailableException if the directory is in use by another bedload, or the
   *     server does not start
   */
  public static EmbeddedPostgres start(Path dataDirectory) {
    try {
      PostgresFolder folder = PostgresFolder.in(dataDirectory);
      EmbeddedPostgres postgres = start(folder, folder.path(), Watchdog.Pace.DEFAULT);
      postgres.postmaster.binaries().deleteOthers();
      return postgres;
    } catch (IOException e) {
      throw cannotUse(dataDirectory, e);
    }
  }

  /** As {@link #start(Path)}, with the programs unpacked in a folder that several may share. */
  static EmbeddedPostgres start(Path dataDirectory, Path binariesFolder) {
    return start(dataDirectory, binariesFolder, Watchdog.Pace.DEFAULT);
  }

  /** As the other, with a pace of its own at which the server is started again. */
  static EmbeddedPostgres start(Path dataDirectory, Path binariesFolder, Watchdog.Pace pace) {
    try {
      return start(PostgresFolder.in(dataDirectory), binariesFolder, pace);
    } catch (IOException e) {
      throw cannotUse(dataDirectory, e);
    }
  }

  private static DatabaseUnavailableException cannotUse(Path dataDirectory, IOException e) {
    return ServerTrouble.of(
        new PostgresFolder(dataDirectory.resolve("postgres")), "preparing that folder", e);
  }

  private static EmbeddedPostgres start(
      PostgresFolder folder, Path binariesFolder, Watchdog.Pace pace) throws IOException {
    FolderLock lock = FolderLock.take(folder.path());
    boolean isStarted = false;
    try {
      PostgresBinaries binaries = PostgresBinaries.unpack(binariesFolder);
      ServerAccount account = ServerAccount.choose(folder, binaries);
      Postmaster postmaster = new Postmaster(folder, binaries, account);
      postmaster.stopOrphan();
      Cluster cluster = Cluster.create(folder, binaries, account);
      int port = start(postmaster, new StablePort(folder.port()));
      Watchdog watchdog = Watchdog.start(postmaster, port, pace);
      isStarted = true;
      log.info("PostgreSQL in {} listens on {}:{}", folder.path(), HOST, port);
      return new EmbeddedPostgres(
          lock,
          postmaster,
          new DatabaseAddress(
              HOST, port, Cluster.DATABASE, Cluster.USER, cluster.superuserPassword(), Map.of()),
          watchdog);
    } finally {
      if (!isStarted) {
        lock.close();
      }
    }
  }

  /** Somebody may take the port between our look at it and the server's start. */
  private static int start(Postmaster postmaster, StablePort stablePort) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = stablePort.choose();
      try {
        postmaster.start(port);
        return port;
      } catch (DatabaseUnavailableException e) {
        if (attempt == PORT_ATTEMPTS || StablePort.isFree(port)) {
          throw e;
        }
      }
    }
  }

  /** Returns where bedload's own database is, and its owner's password. */
  public DatabaseAddress address() {
    return address;
  }

  /**
   * Returns the number of the server's first process, of which all its others are children.
   *
   * @throws DatabaseUnavailableException if there is no such process any more
   */
  public long pid() {
    try {
      return postmaster.sign().pid();
    } catch (IOException e) {
      throw ServerTrouble.of(postmaster.folder(), "looking for its process", e);
    }
  }

  /**
   * Returns what became of a server that has ended by itself and does not run again yet, to go on a
   * sentence about the database; empty if it runs.
   */
  public Optional<String> trouble() {
    return watchdog.trouble();
  }

  /** Stops the server in order and gives up the data directory. Doing it again does nothing. */
  @Override
  public synchronized void close() {
    if (isStopped) {
      return;
    }
    isStopped = true;
    try (lock) {
      watchdog.close();
      postmaster.stop();
    } catch (IOException e) {
      throw ServerTrouble.of(postmaster.folder(), "stopping it", e);
    }
  }
}
