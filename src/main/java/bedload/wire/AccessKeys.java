package bedload.wire;

import java.util.Optional;

/** Who may call: the keys as they are now. Asked at every call, so a change holds at once. */
public interface AccessKeys {
  /** Returns the pair of that id; empty if nobody has it. */
  Optional<AccessKey> find(String accessKeyId);

  /** Returns the account for which a bearer key acts; empty if nobody has it. */
  Optional<String> accountOfBearer(String key);
}
