package bedload.database;

import java.sql.SQLException;
import java.util.Objects;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** What a failure to enter or prepare a database means, in words for the person at the console. */
final class DatabaseTrouble {
  private DatabaseTrouble() {}

  static DatabaseUnavailableException inConnecting(DatabaseAddress address, SQLException failure) {
    String state = Objects.requireNonNullElse(failure.getSQLState(), "");
    String found = firstLine(failure);
    String sentence =
        switch (state) {
          case "28P01", "28000" ->
              "The PostgreSQL server at %s:%d does not let user '%s' in: %s. Check the user and the password of the database URL, and the server's pg_hba.conf."
                  .formatted(address.host(), address.port(), address.user(), found);
          case "08004" ->
              "The PostgreSQL server at %s:%d refuses %s: %s. Check the password and the sslmode of the database URL."
                  .formatted(address.host(), address.port(), address, found);
          case "3D000" ->
              "The PostgreSQL server at %s:%d has no database '%s'. Create it: create database \"%s\" owner \"%s\"."
                  .formatted(
                      address.host(),
                      address.port(),
                      address.database(),
                      address.database(),
                      address.user());
          case "08001", "08006" ->
              "No PostgreSQL server answers at %s:%d: %s. Check the host and the port of the database URL, and that the server runs."
                  .formatted(address.host(), address.port(), found);
          case "57P03" ->
              "The PostgreSQL server at %s:%d is not ready: %s. Try again when it is."
                  .formatted(address.host(), address.port(), found);
          case "53300" ->
              "The PostgreSQL server at %s:%d has no connection left: %s. Raise its max_connections, or end other clients."
                  .formatted(address.host(), address.port(), found);
          default -> "The database %s cannot be used: %s.".formatted(address, found);
        };
    return new DatabaseUnavailableException(sentence, failure);
  }

  static DatabaseUnavailableException inMigration(
      DatabaseAddress address, FlywayException failure) {
    SQLException cause = sqlCause(failure);
    if (cause != null && "42501".equals(cause.getSQLState())) {
      return mayNotCreateTables(address, firstLine(cause), failure);
    }
    return new DatabaseUnavailableException(
        "The tables of bedload in %s could not be brought to this version: %s"
            .formatted(address, failure.getMessage()),
        failure);
  }

  static DatabaseUnavailableException mayNotCreateTables(
      DatabaseAddress address, String found, @Nullable Throwable cause) {
    return new DatabaseUnavailableException(
        "User '%s' may not create bedload's tables in database '%s': %s. Grant it: grant create on database \"%s\" to \"%s\"."
            .formatted(
                address.user(), address.database(), found, address.database(), address.user()),
        cause);
  }

  private static @Nullable SQLException sqlCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException found && found.getSQLState() != null) {
        return found;
      }
    }
    return null;
  }

  private static String firstLine(SQLException e) {
    String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
    String line = message.lines().findFirst().orElse(message).strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
