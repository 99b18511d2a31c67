package bedload.database;

import java.nio.file.Path;

/**
 * A process of its own that commits rows into the embedded database of a directory, one by one, and
 * says so of each on its standard output once it is committed. It ends when it is killed.
 */
final class Committer {
  static final String READY = "ready";

  private Committer() {}

  public static void main(String[] arguments) {
    EmbeddedPostgres postgres;
    try {
      postgres = EmbeddedPostgres.start(Path.of(arguments[0]), Path.of(arguments[1]));
    } catch (DatabaseUnavailableException e) {
      System.out.println(e.getMessage());
      return;
    }
    try (Database database = Database.connect(postgres.address(), 1)) {
      System.out.println(READY);
      for (int id = 1; ; id++) {
        int row = id;
        database
            .jdbi()
            .useHandle(handle -> handle.execute("insert into committed (id) values (?)", row));
        System.out.println(row);
      }
    }
  }
}
