package bedload.wire;

/**
 * Where a server listens.
 *
 * @param host a name or an address of this machine
 * @param port 0 for any that is free
 */
public record ListenAddress(String host, int port) {
  public ListenAddress {
    if (host.isBlank() || port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "An address to listen at is HOST:PORT with a port of 0 to 65535, this is '%s:%d'"
              .formatted(host, port));
    }
  }

  /**
   * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException with a sentence for people if the text is something else
   */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, Math.max(colon, 0));
      int port = Integer.parseInt(text, colon + 1, text.length(), 10);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      return new ListenAddress(bracketed ? host.substring(1, host.length() - 1) : host, port);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "An address to listen at is HOST:PORT, for example 127.0.0.1:9470; this is '%s'"
              .formatted(text),
          e);
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
