package bedload.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The forms in which users write a database address. */
final class DatabaseUrl {
  private static final int DEFAULT_PORT = 5432;

  /** The last at sign ends the credentials, so that one inside a password does no harm. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?<jdbc>jdbc:)?postgres(?:ql)?://(?:(?<credentials>[^/?]*)@)?(?<authority>[^/?@]*)(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?",
          Pattern.DOTALL);

  private static final Pattern AUTHORITY =
      Pattern.compile("(?:\\[(?<six>[^\\]]+)]|(?<name>[^:\\[\\]]*))(?::(?<port>\\d{1,5}))?");

  /** What libpq calls otherwise than the JDBC driver. */
  private static final Map<String, String> LIBPQ_NAMES =
      Map.of("application_name", "ApplicationName", "connect_timeout", "connectTimeout");

  private static final Set<String> KNOWN_PARAMETERS = knownParameters();

  private DatabaseUrl() {}

  private static Set<String> knownParameters() {
    String anywhere = "jdbc:postgresql:///";
    try {
      return Stream.of(
              DriverManager.getDriver(anywhere).getPropertyInfo(anywhere, new Properties()))
          .map(property -> property.name)
          .collect(Collectors.toUnmodifiableSet());
    } catch (SQLException e) {
      throw new IllegalStateException("The PostgreSQL driver is not on the class path", e);
    }
  }

  static DatabaseAddress parse(String url) {
    Matcher form = FORM.matcher(url);
    if (!form.matches()) {
      throw refusal("It does not have that form.");
    }
    Map<String, String> parameters = parameters(form.group("query"));
    String credentials = form.group("credentials");
    String user = parameters.remove("user");
    String password = parameters.remove("password");
    if (credentials != null) {
      int colon = credentials.indexOf(':');
      user = decoded(colon < 0 ? credentials : credentials.substring(0, colon));
      password = colon < 0 ? password : decoded(credentials.substring(colon + 1));
    }
    if (user == null || user.isEmpty()) {
      throw refusal("It names no user.");
    }
    Matcher authority = authority(form.group("authority"));
    String host = authority.group("six") != null ? authority.group("six") : authority.group("name");
    String port = authority.group("port");
    String database = form.group("database");
    try {
      return new DatabaseAddress(
          host == null || host.isEmpty() ? "localhost" : host,
          port == null ? DEFAULT_PORT : Integer.parseInt(port),
          database == null || database.isEmpty() ? user : decoded(database),
          user,
          password == null ? "" : password,
          parameters);
    } catch (IllegalArgumentException e) {
      throw refusal(e.getMessage() + ".");
    }
  }

  private static Matcher authority(String text) {
    if (text.indexOf(',') >= 0) {
      throw refusal(
          "It names several hosts ('"
              + text
              + "'), and bedload goes to one: give a name that follows the primary.");
    }
    Matcher authority = AUTHORITY.matcher(text);
    if (!authority.matches()) {
      throw refusal("'" + text + "' is no host and port.");
    }
    return authority;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw refusal("A parameter in it has no value.");
      }
      String name = decoded(pair.substring(0, equals));
      name = LIBPQ_NAMES.getOrDefault(name, name);
      // The driver ignores a parameter that it does not know, so a misspelt sslmode would be no
      // TLS.
      if (!KNOWN_PARAMETERS.contains(name)) {
        throw refusal(
            "It has a parameter '" + name + "', which the PostgreSQL driver does not know.");
      }
      parameters.put(name, decoded(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refusal("A percent sign in it is followed by something else than two hex digits.");
    }
  }

  private static IllegalArgumentException refusal(String found) {
    return new IllegalArgumentException(
        "A database URL is written postgresql://user:password@host:port/database?parameter=value, with special"
            + " characters of the password percent-encoded, or jdbc:postgresql://host:port/database?user=…&password=…."
            + " The one given is not understood. "
            + found);
  }
}
