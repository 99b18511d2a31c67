package bedload.model.http;

import java.net.URI;
import java.util.Locale;

/**
 * A server as connections know it.
 *
 * @param host a name or an address, without the brackets of IPv6
 */
public record Origin(boolean encrypted, String host, int port) {
  /**
   * Returns the origin of a URL.
   *
   * @throws IllegalArgumentException if the URL is not http or https or names no host
   */
  public static Origin of(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "The URL of a model server begins with http:// or https://, this is '" + url + "'");
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException(
          "The URL of a model server names its host, as in http://127.0.0.1:8000/v1, this is '"
              + url
              + "'");
    }
    boolean encrypted = scheme.equals("https");
    String host = url.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = url.getPort() >= 0 ? url.getPort() : encrypted ? 443 : 80;
    return new Origin(encrypted, host, port);
  }

  /** Returns the value of the Host header: the port is left out where it is the scheme's own. */
  String hostHeader() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (encrypted ? 443 : 80) ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return (encrypted ? "https://" : "http://") + hostHeader();
  }
}
