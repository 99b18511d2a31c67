package bedload.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final int MANY = 200;

  public record Row(long id, String name, Instant at, List<String> tags) {}

  @Test
  void recordsArraysAndInstantsAreAtHome() {
    Row row = new Row(7, "seven", Instant.parse("2026-01-02T03:04:05.678Z"), List.of("a:b", "c:"));
    try (Database database = TestDatabase.create()) {
      Row found =
          database
              .jdbi()
              .withHandle(
                  handle ->
                      handle
                          .createQuery("select :id as id, :name as name, :at as at, :tags as tags")
                          .bind("id", row.id())
                          .bind("name", row.name())
                          .bind("at", row.at())
                          .bindArray("tags", String.class, row.tags())
                          .registerRowMapper(ConstructorMapper.factory(Row.class))
                          .mapTo(Row.class)
                          .one());

      assertThat(found).isEqualTo(row);
    }
  }

  @Test
  void unqualifiedNamesAreBedloads() {
    try (Database database = TestDatabase.create()) {
      String schema =
          database
              .jdbi()
              .withHandle(h -> h.createQuery("select current_schema").mapTo(String.class).one());

      assertThat(schema).isEqualTo(Database.SCHEMA);
    }
  }

  @Test
  void moreThreadsThanConnectionsWaitInLine() throws Exception {
    try (Database database = TestDatabase.create();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> query =
          () ->
              database.jdbi().withHandle(h -> h.createQuery("select 1").mapTo(Integer.class).one());

      List<Future<Integer>> answers =
          threads.invokeAll(IntStream.range(0, MANY).mapToObj(_ -> query).toList());

      assertThat(answers).hasSize(MANY).allSatisfy(answer -> assertThat(answer.get()).isOne());
    }
  }

  @Test
  void nodesThatStartTogetherPrepareAnEmptyDatabaseOnce() throws Exception {
    DatabaseAddress address = TestDatabase.createEmpty();
    try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Database> open = () -> Database.open(address, 2);

      for (Future<Database> opened : nodes.invokeAll(List.of(open, open, open))) {
        opened.get().close();
      }
    }
    assertThatNoException().isThrownBy(() -> Database.open(address, 2).close());
  }

  /** Each room counts its files in a hundred of its own. */
  @Test
  void migrationsOfOneRoomMayComeAfterThoseOfAnother(@TempDir Path files) throws IOException {
    String location = "filesystem:" + files;
    try (Database database = Database.connect(TestDatabase.createEmpty(), 2)) {
      Files.writeString(files.resolve("V301__late.sql"), "create table late (id int);");
      Migrations.apply(database.dataSource(), location);

      Files.writeString(
          files.resolve("V102__early.sql"),
          "create table early (id int); comment on table early is '${not_ours}';");
      Migrations.apply(database.dataSource(), location);

      database.jdbi().useHandle(h -> h.execute("insert into bedload.early select 1 from late"));
    }
  }

  @Test
  void aWrongPasswordIsASentence() {
    DatabaseAddress right = TestDatabase.createEmpty();

    assertUnavailable(() -> Database.open(right.as(right.user(), "guess")))
        .withMessageContaining("does not let user 'bedload' in")
        .withMessageContaining("password authentication failed")
        .withMessageNotContaining("guess");
    assertUnavailable(() -> Database.open(right.as(right.user(), "")))
        .withMessageContaining("Check the password and the sslmode of the database URL");
  }

  @Test
  void anUnknownDatabaseIsASentence() {
    assertUnavailable(() -> Database.open(TestDatabase.createEmpty().at("nowhere")))
        .withMessageContaining("has no database 'nowhere'. Create it");
  }

  @Test
  void aServerThatIsNotThereIsASentence() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertUnavailable(
            () -> Database.open(DatabaseAddress.parse("postgresql://u:p@127.0.0.1:" + port + "/d")))
        .withMessageStartingWith("No PostgreSQL server answers at 127.0.0.1:" + port);
    assertUnavailable(() -> Database.open(DatabaseAddress.parse("postgresql://u:p@h.invalid/d")))
        .withMessageStartingWith("No PostgreSQL server answers at h.invalid:5432");
  }

  @Test
  void aRoleThatMayNotCreateTablesIsASentence() {
    DatabaseAddress owner = TestDatabase.createEmpty();
    try (Database database = Database.connect(owner, 2)) {
      database.jdbi().useHandle(h -> h.execute("create role weak login password 'weak'"));
    }
    assertUnavailable(() -> Database.open(owner.as("weak", "weak")))
        .withMessageContaining("User 'weak' may not create bedload's tables")
        .withMessageContaining("grant create on database");
  }

  @Test
  void aServerOlderThanFifteenIsASentence() {
    DatabaseAddress address = DatabaseAddress.parse("postgresql://u:p@h/d");

    assertUnavailable(() -> Database.requireFit(address, 14, "14.9"))
        .withMessageContaining("bedload wants PostgreSQL 15 or newer")
        .withMessageContaining("is PostgreSQL 14.9");
    assertThatNoException().isThrownBy(() -> Database.requireFit(address, 15, "15.0"));
  }

  private static ThrowableAssertAlternative<DatabaseUnavailableException> assertUnavailable(
      ThrowingCallable action) {
    return assertThatExceptionOfType(DatabaseUnavailableException.class).isThrownBy(action);
  }
}
