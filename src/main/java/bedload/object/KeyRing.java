package bedload.object;

import bedload.job.AccountId;
import java.util.Optional;

/** The keys with which requests to the embedded S3 may be signed. Asked at every request. */
@FunctionalInterface
public interface KeyRing {
  /** Returns the key of that id; empty if nobody has it. */
  Optional<Key> find(String accessKeyId);

  /**
   * What a signature is checked with.
   *
   * @param account the account for which the key acts
   */
  record Key(AccountId account, String secret) {
    /** Names the account only; a secret must not reach a log. */
    @Override
    public String toString() {
      return "a key of account " + account;
    }
  }
}
