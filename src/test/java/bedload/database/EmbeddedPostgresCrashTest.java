package bedload.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was committed outlives every kill; a row is committed once the process has said so. */
@Tag("slow")
class EmbeddedPostgresCrashTest {
  private static final String ROW_BEFORE_THE_KILL = "300";

  @TempDir private Path data;

  @BeforeEach
  void aTableWithoutRows() throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    TestCluster.copyTo(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, TestDatabase.binaries());
        Database database = Database.connect(postgres.address(), 1)) {
      database
          .jdbi()
          .useHandle(handle -> handle.execute("create table committed (id int primary key)"));
    }
  }

  @Test
  void nothingIsLostWhenBedloadIsKilledAndItsServerLivesOn() throws Exception {
    Process committer = startCommitter();
    long acknowledged = killAfterSomeRows(committer);
    ServerSign orphan = sign();
    assertThat(orphan.isRunning()).isTrue();

    assertThat(committedRows()).isBetween(acknowledged, acknowledged + 1);
    assertThat(orphan.isRunning()).isFalse();
  }

  @Test
  void nothingIsLostWhenEverythingIsKilledAtOnce() throws Exception {
    Process committer = startCommitter();
    long acknowledged = killAfterSomeRows(committer, this::killServer);

    assertThat(signFile()).exists();
    assertThat(committedRows()).isBetween(acknowledged, acknowledged + 1);
  }

  /** The number of a dead server may by now be that of any process, in a container it often is. */
  @Test
  void theNumberOfAnotherProcessInTheServersFileIsNoObstacle() throws Exception {
    Process committer = startCommitter();
    long acknowledged = killAfterSomeRows(committer, this::killServer);
    String foreign = Long.toString(ProcessHandle.current().pid());
    Files.writeString(signFile(), Files.readString(signFile()).replaceFirst("^\\d+", foreign));

    assertThat(committedRows()).isBetween(acknowledged, acknowledged + 1);
  }

  @Test
  void aSecondBedloadIsRefusedWhateverTheFirstHasRefused() throws Exception {
    Path binaries = TestDatabase.binaries();
    try (EmbeddedPostgres first = EmbeddedPostgres.start(data, binaries)) {
      String here = refusal(() -> EmbeddedPostgres.start(data, binaries).close());
      assertThat(here)
          .contains("The data directory " + data.toRealPath() + " is in use by this process");

      Process second = committer();
      try (BufferedReader said = second.inputReader()) {
        assertThat(said.readLine())
            .contains("is in use by process " + ProcessHandle.current().pid())
            .contains("choose another directory with --data");
      }
      assertThat(first.address().port()).isPositive();
    }
  }

  private static String refusal(Runnable action) {
    try {
      action.run();
      return "not refused";
    } catch (DatabaseUnavailableException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private Process startCommitter() throws IOException {
    Process committer = committer();
    readUntil(committer.inputReader(), Committer.READY);
    return committer;
  }

  private Process committer() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Committer.class.getName(),
            data.toString(),
            TestDatabase.binaries().toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static long killAfterSomeRows(Process committer) throws IOException {
    return killAfterSomeRows(committer, () -> {});
  }

  /** Returns the last row that was acknowledged, read to the end of what the dead process said. */
  private static long killAfterSomeRows(Process committer, Runnable andToo) throws IOException {
    try (BufferedReader acknowledgements = committer.inputReader()) {
      readUntil(acknowledgements, ROW_BEFORE_THE_KILL);
      kill(committer);
      andToo.run();
      return lastOf(acknowledgements);
    }
  }

  private void killServer() {
    ServerSign server = sign();
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    Stream.concat(Stream.of(process), process.descendants())
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
    await().until(() -> !server.isRunning());
  }

  /** By its handle: killed as a child, what it said last would be thrown away. */
  private static void kill(Process committer) {
    committer.toHandle().destroyForcibly();
  }

  private static void readUntil(BufferedReader acknowledgements, String wanted) throws IOException {
    String line = acknowledgements.readLine();
    while (line != null && !line.equals(wanted)) {
      line = acknowledgements.readLine();
    }
    assertThat(line).isEqualTo(wanted);
  }

  private static long lastOf(BufferedReader acknowledgements) throws IOException {
    long last = Long.parseLong(ROW_BEFORE_THE_KILL);
    // Logs go to standard output too.
    for (String line = acknowledgements.readLine();
        line != null;
        line = acknowledgements.readLine()) {
      last = line.matches("\\d+") ? Long.parseLong(line) : last;
    }
    return last;
  }

  private Path signFile() {
    return data.resolve("postgres/data/postmaster.pid");
  }

  private ServerSign sign() {
    try {
      return ServerSign.read(signFile()).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts anew, and returns how many rows there are; none may miss in between. */
  private long committedRows() throws IOException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, TestDatabase.binaries());
        Database database = Database.connect(postgres.address(), 1)) {
      return database
          .jdbi()
          .withHandle(
              handle -> {
                long rows =
                    handle.createQuery("select count(*) from committed").mapTo(Long.class).one();
                long last =
                    handle.createQuery("select max(id) from committed").mapTo(Long.class).one();
                assertThat(rows).isEqualTo(last);
                return rows;
              });
    }
  }
}
