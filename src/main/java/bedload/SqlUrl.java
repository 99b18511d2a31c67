package bedload;

import bedload.database.DatabaseAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * The one form of a database URL that libpq and JDBC both take: user and password as parameters.
 * JDBC wants {@code jdbc:} in front.
 */
final class SqlUrl {
  private SqlUrl() {}

  /** Returns the URL of an address, password and all. */
  static String of(DatabaseAddress address) {
    StringJoiner parameters = new StringJoiner("&", "?", "");
    parameters.add("user=" + encoded(address.user()));
    if (!address.password().isEmpty()) {
      parameters.add("password=" + encoded(address.password()));
    }
    String sslMode = address.parameters().get("sslmode"); // the one name that both know
    if (sslMode != null) {
      parameters.add("sslmode=" + encoded(sslMode));
    }
    String host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
    return "postgresql://%s:%d/%s%s"
        .formatted(host, address.port(), encoded(address.database()), parameters);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
