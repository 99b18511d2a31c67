package bedload.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a database is and as whom to enter it.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param password empty when the server asks for none, or when a password file of the user has it
 * @param parameters further parameters of the connection under the names of the JDBC driver, such
 *     as {@code sslmode}
 */
public record DatabaseAddress(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> parameters) {

  public DatabaseAddress {
    if (host.isEmpty() || database.isEmpty() || user.isEmpty() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "A database address wants a host, a port, a database and a user, this has host '%s', port %d, database '%s', user '%s'"
              .formatted(host, port, database, user));
    }
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads what a user wrote: {@code postgresql://user:password@host:port/database?sslmode=require}
   * or the JDBC form {@code jdbc:postgresql://host:port/database?user=…&password=…}.
   *
   * @throws IllegalArgumentException with a sentence for the user, without the password
   */
  public static DatabaseAddress parse(String url) {
    return DatabaseUrl.parse(url);
  }

  /** Returns the same place, entered as somebody else. */
  public DatabaseAddress as(String user, String password) {
    return new DatabaseAddress(host, port, database, user, password, parameters);
  }

  /** Returns another database of the same server. */
  public DatabaseAddress at(String database) {
    return new DatabaseAddress(host, port, database, user, password, parameters);
  }

  /** Returns the URL for a JDBC driver; the user and the password are not part of it. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + authority() + "/" + encoded(database) + query();
  }

  /**
   * Returns the URL that psql, libpq and {@link #parse} accept. It holds the password, so it is for
   * a user who asked for it and never for a log.
   */
  public String url() {
    return "postgresql://" + credentials() + "@" + authority() + "/" + encoded(database) + query();
  }

  private String credentials() {
    return password.isEmpty() ? encoded(user) : encoded(user) + ":" + encoded(password);
  }

  private String authority() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  private String query() {
    if (parameters.isEmpty()) {
      return "";
    }
    SortedMap<String, String> sorted = new TreeMap<>(parameters);
    return sorted.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    // A form writes a space as a plus, which libpq takes for a plus.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Returns user, place and database; no password and no parameters, which may hold another one.
   */
  @Override
  public String toString() {
    return user + "@" + authority() + "/" + database;
  }
}
