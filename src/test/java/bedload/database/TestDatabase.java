package bedload.database;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fresh database for a test, with all tables and no rows, on one embedded server that all tests
 * of this JVM share. The server starts at the first need and stops with the JVM.
 */
public final class TestDatabase {
  /**
   * Of the service itself in {@link TestCluster}; nobody connects to it, or it could not be one.
   */
  private static final String TEMPLATE = Cluster.DATABASE;

  private static final int CONNECTIONS = 16;
  private static final AtomicInteger LAST = new AtomicInteger();

  /** What was given out; what is closed by now is dropped before the next is made. */
  private static final List<Database> OPEN = new ArrayList<>();

  private TestDatabase() {}

  /** Returns a new database that nobody else uses, all tables in it and no rows. Close it. */
  public static synchronized Database create() {
    OPEN.removeIf(TestDatabase::dropIfClosed);
    Database database =
        Database.connect(createEmpty("template " + TEMPLATE + " strategy file_copy"), CONNECTIONS);
    OPEN.add(database);
    return database;
  }

  private static boolean dropIfClosed(Database database) {
    boolean isClosed = ((HikariDataSource) database.dataSource()).isClosed();
    if (isClosed) {
      execute("drop database " + database.address().database() + " with (force)");
    }
    return isClosed;
  }

  /** Returns where a new database without any table is. */
  static DatabaseAddress createEmpty() {
    return createEmpty("");
  }

  // Two copies at once of one template get into each other's way.
  private static synchronized DatabaseAddress createEmpty(String options) {
    String name = "t_" + LAST.incrementAndGet();
    execute("create database " + name + " " + options);
    return Shared.SERVER.address().at(name);
  }

  private static void execute(String statement) {
    Shared.SERVER.jdbi().useHandle(handle -> handle.execute(statement));
  }

  /** Made at the first use, by the rules of class initialisation. */
  private static final class Shared {
    static final Database SERVER = start();

    private static Database start() {
      try {
        Path data = openDirectory("bedload-test-");
        TestCluster.copyTo(data);
        HastyPostgres postgres = HastyPostgres.start(data);
        Database server = Database.connect(postgres.address().at("postgres"), CONNECTIONS);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, postgres, data)));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void stop(Database server, HastyPostgres postgres, Path data) {
      server.close();
      postgres.close();
      delete(data);
    }
  }

  /** Starts a server of its own over a data directory, with the programs that all tests share. */
  public static EmbeddedPostgres startServer(Path dataDirectory) {
    try {
      return EmbeddedPostgres.start(dataDirectory, binaries());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates a temporary directory that others may pass through, as the server's account must. */
  static Path openDirectory(String prefix) throws IOException {
    Path directory = Files.createTempDirectory(prefix);
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static void delete(Path directory) {
    try {
      PostgresFolder.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where the server's programs are unpacked, once for all runs of the tests. */
  static Path binaries() throws IOException {
    return Files.createDirectories(Path.of("target", "postgres").toAbsolutePath());
  }
}
