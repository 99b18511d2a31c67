package bedload.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  @TempDir private Path data;

  @BeforeEach
  void othersMayPassThrough() throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private EmbeddedPostgres start() throws IOException {
    return EmbeddedPostgres.start(data, TestDatabase.binaries());
  }

  /** As {@link #start}, of a directory that has been in use before. */
  private EmbeddedPostgres startAgain() throws IOException {
    TestCluster.copyTo(data);
    return start();
  }

  private Path file(String name) {
    return data.resolve("postgres").resolve(name);
  }

  private static String ask(EmbeddedPostgres postgres, String query) {
    try (Database database = Database.connect(postgres.address(), 1)) {
      return database.jdbi().withHandle(h -> h.createQuery(query).mapTo(String.class).one());
    }
  }

  private static void execute(EmbeddedPostgres postgres, String statement) {
    try (Database database = Database.connect(postgres.address(), 1)) {
      database.jdbi().useHandle(h -> h.execute(statement));
    }
  }

  @Test
  void commitsAreDurableAndTheServerIsForThisMachineOnly() throws IOException {
    try (EmbeddedPostgres postgres = start()) {
      assertThat(ask(postgres, "show fsync")).isEqualTo("on");
      assertThat(ask(postgres, "show synchronous_commit")).isEqualTo("on");
      assertThat(ask(postgres, "show full_page_writes")).isEqualTo("on");
      assertThat(ask(postgres, "show data_checksums")).isEqualTo("on");
      assertThat(ask(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(ask(postgres, "show unix_socket_directories")).isEmpty();
      assertThat(ask(postgres, "select setting from pg_file_settings where name = 'timezone'"))
          .isEqualTo("UTC");
      assertThat(ask(postgres, "show password_encryption")).isEqualTo("scram-sha-256");
      assertThat(
              ask(
                  postgres,
                  "select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()"))
          .isEqualTo("b C.UTF-8");
      assertThat(
              ask(postgres, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"))
          .isEqualTo("scram-sha-256");
    }
  }

  @Test
  void theSecondStartFindsTheDataAndThePortOfTheFirst() throws IOException {
    DatabaseAddress first;
    try (EmbeddedPostgres postgres = start()) {
      first = postgres.address();
      execute(postgres, "create table kept as select 'yes' as answer");
    }
    try (EmbeddedPostgres postgres = start()) {
      assertThat(postgres.address()).isEqualTo(first);
      assertThat(ask(postgres, "select answer from kept")).isEqualTo("yes");
    }
  }

  @Test
  void aPortThatSomebodyTookIsReplaced() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      TestCluster.copyTo(data);
      Files.writeString(file("port"), Integer.toString(other.getLocalPort()));

      try (EmbeddedPostgres postgres = start()) {
        assertThat(postgres.address().port()).isNotEqualTo(other.getLocalPort());
        assertThat(file("port")).hasContent(Integer.toString(postgres.address().port()));
      }
    }
  }

  @Test
  void onlyTheOwnerMayReadThePassword() throws IOException {
    try (EmbeddedPostgres postgres = startAgain()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("password"))))
          .isEqualTo("rw-------");
      assertThat(file("password")).hasContent(postgres.address().password());
      assertThat(postgres.address().toString()).doesNotContain(postgres.address().password());
      assertThatExceptionOfType(DatabaseUnavailableException.class)
          .isThrownBy(() -> Database.connect(postgres.address().as("bedload", "guess"), 1));
    }
  }

  @Test
  void aPasswordFileThatWasDeletedIsReplacedByANewPassword() throws IOException {
    String first;
    try (EmbeddedPostgres postgres = startAgain()) {
      first = postgres.address().password();
    }
    Files.delete(file("password"));

    try (EmbeddedPostgres postgres = start()) {
      assertThat(postgres.address().password()).isNotEqualTo(first);
      assertThat(ask(postgres, "select 'in'")).isEqualTo("in");
    }
  }

  /** What a kill during the first start leaves: a folder that is not yet the data directory. */
  @Test
  void aFirstStartThatWasCutShortIsDoneAnew() throws IOException {
    Files.createDirectories(file("data.unfinished/base"));
    Files.writeString(file("data.unfinished/PG_VERSION"), "18");
    Files.writeString(file("password.initdb"), "old");
    Files.writeString(file("password.unfinished"), "half");

    try (EmbeddedPostgres postgres = start()) {
      assertThat(ask(postgres, "select 'in'")).isEqualTo("in");
    }
    assertThat(file("data.unfinished")).doesNotExist();
    assertThat(file("password.initdb")).doesNotExist();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theServersProcessIsNotRootsAndInASessionOfItsOwn() throws IOException {
    try (EmbeddedPostgres postgres = startAgain()) {
      String pid = Files.readAllLines(file("data/postmaster.pid")).getFirst();
      String status = Files.readString(Path.of("/proc", pid, "status"));
      // The sixth field is the session; a name in parentheses goes before.
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));

      assertThat(status).doesNotContainPattern("Uid:\\s+0\\s");
      assertThat(fields.get(3)).as("session").isEqualTo(pid);
      assertThat(postgres.address().host()).isEqualTo("127.0.0.1");
    }
  }

  /** As under /root, or in a directory of mktemp. */
  @Test
  void aDirectoryThatIsClosedToOthersWillDo() throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      assertThat(ask(postgres, "select 'in'")).isEqualTo("in");
    }
  }

  @Test
  void aServerThatDoesNotStartIsQuoted() throws IOException {
    startAgain().close();
    Files.writeString(
        file("data/postgresql.conf"), "\nshared_bufers = 1GB\n", StandardOpenOption.APPEND);

    assertThatExceptionOfType(DatabaseUnavailableException.class)
        .isThrownBy(this::start)
        .withMessageContaining("could not be started: the server failed")
        .withMessageContaining("unrecognized configuration parameter \"shared_bufers\"");
  }

  @Test
  void dataOfAnotherMajorVersionIsRefusedUntouched() throws IOException {
    startAgain().close();
    Files.writeString(file("data/PG_VERSION"), "17\n");

    assertThatExceptionOfType(DatabaseUnavailableException.class)
        .isThrownBy(this::start)
        .withMessageContaining("was written by PostgreSQL 17")
        .withMessageContaining("--database-url");
  }

  @Test
  void closingTwiceIsClosingOnce() throws IOException {
    EmbeddedPostgres postgres = startAgain();
    postgres.close();
    postgres.close();

    start().close();
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsASentence() throws IOException {
    Path file = Files.createFile(data.resolve("file"));

    assertThatExceptionOfType(DatabaseUnavailableException.class)
        .isThrownBy(() -> EmbeddedPostgres.start(file))
        .withMessageContaining("must be a directory");
  }
}
