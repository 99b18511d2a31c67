package bedload.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's first process is killed while bedload lives. */
@Tag("slow")
class WatchdogTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Watchdog.Pace FAST =
      new Watchdog.Pace(50, Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMinutes(1));

  @TempDir private Path data;

  @BeforeEach
  void aDirectoryThatWasInUseBefore() throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    TestCluster.copyTo(data);
  }

  private EmbeddedPostgres start(Watchdog.Pace pace) throws IOException {
    return EmbeddedPostgres.start(data, TestDatabase.binaries(), pace);
  }

  private static long killFirstProcess(EmbeddedPostgres postgres) {
    ProcessHandle process = ProcessHandle.of(postgres.pid()).orElseThrow();
    process.destroyForcibly();
    await().until(() -> !ServerSign.isRunning(process));
    return process.pid();
  }

  private static String ask(EmbeddedPostgres postgres, String query) {
    try (Database database = Database.connect(postgres.address(), 1)) {
      return database.jdbi().withHandle(h -> h.createQuery(query).mapTo(String.class).one());
    }
  }

  private static void awaitAnswer(EmbeddedPostgres postgres) {
    await()
        .atMost(PATIENCE)
        .ignoreException(DatabaseUnavailableException.class)
        .until(() -> ask(postgres, "select 'in'").equals("in"));
    await().until(() -> postgres.trouble().isEmpty());
  }

  private Path configuration() {
    return data.resolve("postgres/data/postgresql.conf");
  }

  /** Returns what the file held before it was made one that the server refuses. */
  private String spoilConfiguration() throws IOException {
    String before = Files.readString(configuration());
    Files.writeString(configuration(), "\nshared_bufers = 1GB\n", StandardOpenOption.APPEND);
    return before;
  }

  @Test
  void whatWasCommittedIsThereAgainAtTheSameAddress() throws Exception {
    try (EmbeddedPostgres postgres = start(FAST);
        Database database = Database.connect(postgres.address(), 2)) {
      database.jdbi().useHandle(h -> h.execute("create table kept as select 'yes' as answer"));

      for (int death = 0; death < 2; death++) {
        long dead = killFirstProcess(postgres);
        await()
            .atMost(PATIENCE)
            .until(() -> postgres.trouble().isEmpty() && postgres.pid() != dead);
      }

      // Its own connections are back, not only new ones. One that was used a moment ago is given
      // out
      // unasked, and whoever has it hears of the death.
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> ask(database, "select answer from kept").equals("yes"));
    }
  }

  /** Such a one does not look whether the first process lives, and keeps the memory of all. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatOutlivesTheFirstInALongStatementIsKilled() throws Exception {
    try (EmbeddedPostgres postgres = start(FAST);
        Database database = Database.connect(postgres.address(), 2);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection busy = database.dataSource().getConnection()) {
      long pid = pidOf(busy);
      Future<?> endless =
          threads.submit(
              () -> {
                try (var statement = busy.createStatement()) {
                  statement.execute("do $$ begin loop null; end loop; end $$");
                }
                return null;
              });
      await()
          .until(
              () ->
                  ask(database, "select state from pg_stat_activity where pid = " + pid)
                      .equals("active"));

      killFirstProcess(postgres);

      awaitAnswer(postgres);
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(endless::get)
          .withCauseInstanceOf(SQLException.class);
      assertThat(ProcessHandle.of(pid).filter(ServerSign::isRunning)).isEmpty();
    }
  }

  private static String ask(Database database, String query) {
    return database.jdbi().withHandle(h -> h.createQuery(query).mapTo(String.class).one());
  }

  private static long pidOf(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select pg_backend_pid()")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void aServerThatDoesNotStartIsGivenUpAndSaidSoAndTheEndIsInOrder() throws IOException {
    Watchdog.Pace three =
        new Watchdog.Pace(3, Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMinutes(1));
    String before;
    try (EmbeddedPostgres postgres = start(three)) {
      before = spoilConfiguration();

      killFirstProcess(postgres);

      await()
          .atMost(PATIENCE)
          .until(
              () -> postgres.trouble().orElse(""),
              "ended and could not be started again in 3 tries; the log says why"::equals);
    }
    Files.writeString(configuration(), before);
    try (EmbeddedPostgres postgres = start(three)) {
      assertThat(ask(postgres, "select 'in'")).isEqualTo("in");
    }
  }

  @Test
  void aPortThatSomebodyTookMeanwhileIsWaitedFor() throws IOException {
    try (EmbeddedPostgres postgres = start(FAST)) {
      String before = spoilConfiguration();
      killFirstProcess(postgres);
      awaitTry(postgres, 2);
      try (ServerSocket _ =
          new ServerSocket(postgres.address().port(), 1, InetAddress.ofLiteral("127.0.0.1"))) {
        Files.writeString(configuration(), before);
        awaitTry(postgres, 5);
      }
      awaitAnswer(postgres);
    }
  }

  private static void awaitTry(EmbeddedPostgres postgres, int least) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                postgres
                        .trouble()
                        .map(said -> said.replaceAll(".*try (\\d+) of.*", "$1"))
                        .map(Integer::parseInt)
                        .orElse(0)
                    >= least);
  }

  /** A stop may come at any moment of a start. */
  @ParameterizedTest
  @ValueSource(ints = {0, 250, 300, 350, 400, 500, 700})
  void aStopMeanwhileLeavesNoServer(int afterMillis) throws IOException {
    Path server = data.resolve("postgres/data").toRealPath();
    try (EmbeddedPostgres postgres = start(FAST)) {
      killFirstProcess(postgres);
      LockSupport.parkNanos(Duration.ofMillis(afterMillis).toNanos());
    }
    await().until(() -> LeftProcesses.of(server).stream().noneMatch(ServerSign::isRunning));

    try (EmbeddedPostgres postgres = start(FAST)) {
      assertThat(ask(postgres, "select 'in'")).isEqualTo("in");
    }
  }
}
