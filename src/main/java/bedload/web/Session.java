package bedload.web;

import java.time.Instant;

/**
 * A browser that is logged in.
 *
 * @param id what its cookie holds
 * @param csrf what its forms must send
 */
record Session(String id, String csrf, String account, Instant expires) {
  @Override
  public String toString() {
    return "Session[account=%s, expires=%s]".formatted(account, expires);
  }
}
