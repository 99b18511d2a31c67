package bedload.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database with bedload's tables in it, and the connections to it. Safe for use by many threads;
 * whoever finds no connection free waits in line.
 */
public final class Database implements AutoCloseable {
  /** The schema that holds the tables of bedload; unqualified names are looked up there first. */
  public static final String SCHEMA = "bedload";

  /**
   * Far fewer than the threads that ask: a statement takes a millisecond, and a server does more of
   * them with few connections than with many. Six nodes fit into a server's usual hundred.
   */
  private static final int CONNECTIONS = 16;

  private static final int IDLE_CONNECTIONS = 2;
  private static final int OLDEST_SERVER = 15;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Within it an embedded server that has died runs again. */
  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(5);

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private final DatabaseAddress address;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private Database(DatabaseAddress address, HikariDataSource pool) {
    this.address = address;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool).installPlugin(new PostgresPlugin());
  }

  /**
   * Connects, and brings the tables to the state that this version wants.
   *
   * @throws DatabaseUnavailableException if there is no such server, it does not let us in, it is
   *     too old, or its tables cannot be changed
   */
  public static Database open(DatabaseAddress address) {
    return open(address, CONNECTIONS);
  }

  /** As {@link #open(DatabaseAddress)}, with at most that many connections. */
  public static Database open(DatabaseAddress address, int connections) {
    Database database = connect(address, connections);
    try {
      database.requireRightToCreate();
      Migrations.apply(database.pool);
      return database;
    } catch (FlywayException e) {
      database.close();
      throw DatabaseTrouble.inMigration(address, e);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Connects and changes nothing: for a role that may only read.
   *
   * @throws DatabaseUnavailableException if there is no such server, it does not let us in, or it
   *     is too old
   */
  public static Database connect(DatabaseAddress address, int connections) {
    requireFitServer(address);
    return new Database(address, pool(address, connections));
  }

  private static final String MAY_HAVE_TABLES =
      """
      select to_regnamespace(:schema) is not null
          or has_database_privilege(current_database(), 'create')
      """;

  /** Flyway tries ten times, a second apart, to make a schema that it may not make. */
  private void requireRightToCreate() {
    boolean mayHaveTables =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(MAY_HAVE_TABLES)
                    .bind("schema", SCHEMA)
                    .mapTo(Boolean.class)
                    .one());
    if (!mayHaveTables) {
      throw DatabaseTrouble.mayNotCreateTables(
          address, "it has no right to create a schema there", null);
    }
  }

  /** One bare connection shows what is wrong, before a pool tries again and again. */
  private static void requireFitServer(DatabaseAddress address) {
    try (Connection connection =
        DriverManager.getConnection(address.jdbcUrl(), properties(address))) {
      DatabaseMetaData server = connection.getMetaData();
      requireFit(address, server.getDatabaseMajorVersion(), server.getDatabaseProductVersion());
    } catch (SQLException e) {
      throw DatabaseTrouble.inConnecting(address, e);
    }
  }

  static void requireFit(DatabaseAddress address, int major, String version) {
    if (major < OLDEST_SERVER) {
      throw new DatabaseUnavailableException(
          "bedload wants PostgreSQL %d or newer, and the server of %s is PostgreSQL %s. Upgrade that server, or leave out --database-url to use the embedded one."
              .formatted(OLDEST_SERVER, address, version));
    }
  }

  private static HikariDataSource pool(DatabaseAddress address, int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(address.database());
    config.setJdbcUrl(address.jdbcUrl());
    config.setDataSourceProperties(properties(address));
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(Math.min(connections, IDLE_CONNECTIONS));
    // The driver sets the zone of this process, and then a day would begin elsewhere on each node.
    config.setConnectionInitSql("set time zone 'UTC'");
    // The server was seen a moment ago; should it be gone, the first who asks is told.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /** Returns the driver's properties; what the user's URL says of them goes before these. */
  private static Properties properties(DatabaseAddress address) {
    Properties properties = new Properties();
    properties.setProperty("currentSchema", SCHEMA + ",public");
    properties.setProperty("ApplicationName", "bedload");
    properties.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
    // Else a node that is frozen in the middle of a transaction holds its locks for ever, and
    // whoever
    // takes over its work waits for them.
    properties.setProperty("options", "-c idle_in_transaction_session_timeout=15s");
    // Without it a connection whose server vanished behind a firewall is waited for without end.
    properties.setProperty("tcpKeepAlive", "true");
    properties.putAll(address.parameters());
    properties.setProperty("user", address.user());
    if (!address.password().isEmpty()) {
      properties.setProperty("password", address.password());
    }
    return properties;
  }

  /** Returns where this database is. */
  public DatabaseAddress address() {
    return address;
  }

  /** Returns the access by SQL in the code, with arrays, UUIDs, JSON and java.time at home. */
  public Jdbi jdbi() {
    return jdbi;
  }

  /** Returns the connections, for a library that wants them bare. */
  public DataSource dataSource() {
    return pool;
  }

  /**
   * Prepares for an end. A database that is away is waited for a moment; if it does not come, this
   * is closed: else whoever has something left to write would wait half a minute for it, each in
   * turn, and nothing could end in order.
   */
  public void closeIfAway() {
    long began = System.nanoTime();
    while (!isThere()) {
      if (System.nanoTime() - began >= PATIENCE_AT_END.toNanos()) {
        log.warn("The database {} is away, and the end does not wait for it", address);
        close();
        return;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  /** Asked past the pool, whose connections may all be in use. */
  private boolean isThere() {
    try (Connection _ = DriverManager.getConnection(address.jdbcUrl(), properties(address))) {
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  /** Closes every connection; a statement that still runs is cut off. */
  @Override
  public void close() {
    pool.close();
  }
}
