package bedload;

import bedload.catalog.TagRule;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule for tags as it stands in the settings: a key, and the values that it may have. */
public record TagRuleSetting(TagRule rule) {
  /** Puts the parts together; what is absent is null. */
  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static TagRuleSetting ofParts(
      @JsonProperty("key") @Nullable String key,
      @JsonProperty("values") @Nullable List<String> values) {
    return new TagRuleSetting(
        new TagRule(key == null ? "" : key, values == null ? List.of() : values));
  }
}
