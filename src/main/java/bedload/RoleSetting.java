package bedload;

import bedload.work.Role;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A role as settings have it; what it leaves out it may not reach. */
public record RoleSetting(Role role) {
  /** Puts the parts together; what is absent is null. */
  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static RoleSetting ofParts(
      @JsonProperty("arn") @Nullable String arn,
      @JsonProperty("buckets") @Nullable List<String> buckets,
      @JsonProperty("models") @Nullable List<String> models) {
    return new RoleSetting(
        new Role(
            arn == null ? "" : arn,
            buckets == null ? List.of() : buckets,
            models == null ? List.of() : models));
  }
}
