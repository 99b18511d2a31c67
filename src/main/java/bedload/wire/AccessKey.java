package bedload.wire;

import org.jspecify.annotations.Nullable;

/**
 * A pair of keys with which a client signs.
 *
 * @param account the account for which it acts
 * @param sessionToken what every request must carry beside the signature; null if nothing
 */
public record AccessKey(
    String accessKeyId, String account, String secret, @Nullable String sessionToken) {

  /** Makes a pair that needs no session token. */
  public AccessKey(String accessKeyId, String account, String secret) {
    this(accessKeyId, account, secret, null);
  }

  /** Names the key and its account; a secret must not reach a log. */
  @Override
  public String toString() {
    return "access key " + accessKeyId + " of account " + account;
  }
}
