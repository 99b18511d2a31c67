package bedload.api;

import bedload.wire.AccessKey;
import bedload.wire.AccessKeys;
import java.util.Optional;

/** Keys that say whose they are, so that each test can have accounts that no other test uses. */
final class KeysByName implements AccessKeys {
  private static final String KEY = "TESTKEY";
  private static final String BEARER = "bearer-";

  /** Returns the key of an account. */
  static AccessKey of(String account) {
    return new AccessKey(KEY + account, account, "the secret/with+signs of " + account);
  }

  /** Returns the bearer key of an account. */
  static String bearerOf(String account) {
    return BEARER + account;
  }

  @Override
  public Optional<AccessKey> find(String accessKeyId) {
    return accessKeyId.startsWith(KEY)
        ? Optional.of(of(accessKeyId.substring(KEY.length())))
        : Optional.empty();
  }

  @Override
  public Optional<String> accountOfBearer(String key) {
    return key.startsWith(BEARER) ? Optional.of(key.substring(BEARER.length())) : Optional.empty();
  }
}
