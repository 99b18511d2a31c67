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
          "An address to listen at is a host and a port of 0 to 65535, this is '%s:%d'"
              .formatted(host, port));
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
