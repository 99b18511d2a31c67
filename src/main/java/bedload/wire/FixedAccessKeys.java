package bedload.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Keys that were given once and do not change while the process runs. */
public final class FixedAccessKeys implements AccessKeys {
  private final Map<String, AccessKey> pairs;
  private final Map<String, String> accountsByBearerHash;

  /**
   * Takes the keys.
   *
   * @param accountsByBearer the account of each bearer key
   * @throws IllegalStateException if two pairs have the same id
   */
  public FixedAccessKeys(List<AccessKey> pairs, Map<String, String> accountsByBearer) {
    this.pairs =
        pairs.stream()
            .collect(Collectors.toUnmodifiableMap(AccessKey::accessKeyId, Function.identity()));
    this.accountsByBearerHash =
        accountsByBearer.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    entry -> Digests.sha256Hex(entry.getKey()), Map.Entry::getValue));
  }

  @Override
  public Optional<AccessKey> find(String accessKeyId) {
    return Optional.ofNullable(pairs.get(accessKeyId));
  }

  @Override
  public Optional<String> accountOfBearer(String key) {
    // Looked up by its hash: how long a look-up takes must not tell how much of a guess was right.
    return Optional.ofNullable(accountsByBearerHash.get(Digests.sha256Hex(key)));
  }
}
