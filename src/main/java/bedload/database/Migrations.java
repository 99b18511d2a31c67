package bedload.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The numbered files under {@code db/migration}, each applied once to every database. */
final class Migrations {
  private Migrations() {}

  static void apply(DataSource dataSource) {
    apply(dataSource, "classpath:db/migration");
  }

  static void apply(DataSource dataSource, String location) {
    Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(dataSource)
        .locations(location)
        // Said out loud: otherwise a user and a schema of one name move the history elsewhere.
        .defaultSchema(Database.SCHEMA)
        .createSchemas(true)
        // Each room counts in a hundred of its own, so a later file may have a lower number.
        .outOfOrder(true)
        // The body of an SQL function may hold ${...}.
        .placeholderReplacement(false)
        .load()
        .migrate();
  }
}
