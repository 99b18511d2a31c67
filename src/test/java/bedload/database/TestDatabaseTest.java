package bedload.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestDatabaseTest {
  @Test
  void everyTestHasADatabaseOfItsOwn() {
    try (Database one = TestDatabase.create();
        Database other = TestDatabase.create()) {
      one.jdbi().useHandle(handle -> handle.execute("create table only_here (id int)"));

      assertThat(hasTable(one, "bedload.only_here")).isTrue();
      assertThat(hasTable(other, "bedload.only_here")).isFalse();
    }
  }

  private static boolean hasTable(Database database, String name) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select to_regclass(:name) is not null")
                    .bind("name", name)
                    .mapTo(Boolean.class)
                    .one());
  }
}
