package bedload.object;

import bedload.job.AccountId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys with which requests to the embedded S3 may be signed. Asked at every request. */
@FunctionalInterface
public interface KeyRing {
  /** Returns the key of that id; empty if nobody has it. */
  Optional<Key> find(String accessKeyId);

  /**
   * What a signature is checked with.
   *
   * @param account the account for which the key acts
   * @param sessionToken what has to come along with a key that is good for a while only; null for a
   *     lasting one, with which none may come
   */
  record Key(AccountId account, String secret, @Nullable String sessionToken) {
    /** A lasting key. */
    public Key(AccountId account, String secret) {
      this(account, secret, null);
    }

    /** Names the account only; a secret must not reach a log. */
    @Override
    public String toString() {
      return "a key of account " + account;
    }
  }
}
