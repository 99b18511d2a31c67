package bedload.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Signing keys that were derived before, the least recently used forgotten first. A key is found by
 * the secret it came from, so the old one of a changed secret is simply never asked for again.
 * Thread-safe.
 */
final class SigningKeys {
  private static final int MAX_KEYS = 1024;

  private final Map<Origin, byte[]> keys =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Origin, byte[]> eldest) {
          return size() > MAX_KEYS;
        }
      };

  private record Origin(String secret, String date, String region, String service) {}

  /** Returns the key of a scope, derived anew or remembered. */
  byte[] key(String secret, SigV4Authorization claim) {
    Origin origin = new Origin(secret, claim.date(), claim.region(), claim.service());
    synchronized (keys) {
      byte[] known = keys.get(origin);
      if (known != null) {
        return known;
      }
    }
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    key = Digests.hmac(key, origin.date);
    key = Digests.hmac(key, origin.region);
    key = Digests.hmac(key, origin.service);
    key = Digests.hmac(key, "aws4_request");
    synchronized (keys) {
      keys.put(origin, key);
    }
    return key;
  }
}
