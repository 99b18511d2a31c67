package bedload.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A server of the embedded programs that forgets what it was told when the machine loses its power:
 * what tests spend on durability nobody would ever read back. Creating and dropping a database
 * costs tens of milliseconds instead of seconds on a busy disk.
 */
final class HastyPostgres implements AutoCloseable {
  private static final int PORT_ATTEMPTS = 3;
  private static final String OPTIONS =
      "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
          + " -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=4GB -p ";

  private final Postmaster postmaster;
  private final DatabaseAddress address;

  private HastyPostgres(Postmaster postmaster, DatabaseAddress address) {
    this.postmaster = postmaster;
    this.address = address;
  }

  /** Starts the server of a data directory, and makes its files if there are none. */
  static HastyPostgres start(Path dataDirectory) throws IOException {
    PostgresFolder folder = PostgresFolder.in(dataDirectory);
    PostgresBinaries binaries = PostgresBinaries.unpack(TestDatabase.binaries());
    ServerAccount account = ServerAccount.choose(folder, binaries);
    Postmaster postmaster = new Postmaster(folder, binaries, account);
    Cluster cluster = Cluster.create(folder, binaries, account);
    account.own(folder.freshLog());
    int port = start(postmaster);
    return new HastyPostgres(
        postmaster,
        new DatabaseAddress(
            "127.0.0.1",
            port,
            Cluster.DATABASE,
            Cluster.USER,
            cluster.superuserPassword(),
            Map.of()));
  }

  /** Somebody may take the port between our look at it and the server's start. */
  private static int start(Postmaster postmaster) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = new StablePort(postmaster.folder().port()).choose();
      Command.Outcome outcome =
          Command.of(
                  postmaster.account().prefix(),
                  postmaster.binaries().program("pg_ctl"),
                  "start",
                  "-D",
                  postmaster.folder().data().toString(),
                  "-w",
                  "-l",
                  postmaster.folder().log().toString(),
                  "-o",
                  OPTIONS + port)
              .run();
      if (outcome.isSuccess()) {
        return port;
      }
      if (attempt == PORT_ATTEMPTS) {
        throw new IllegalStateException("The server for tests does not start: " + outcome.output());
      }
    }
  }

  /** Returns where bedload's own database is, and its owner's password. */
  DatabaseAddress address() {
    return address;
  }

  @Override
  public void close() {
    try {
      postmaster.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
