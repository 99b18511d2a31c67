package bedload.catalog;

import java.util.List;

/**
 * What tags every resource is to have.
 *
 * @param key that each must have
 * @param values of which each must have nothing but; empty for any
 */
public record TagRule(String key, List<String> values) {
  private static final int LONGEST_KEY = 128;

  public TagRule {
    values = List.copyOf(values);
    // In the documented column a tag is key:value, and the key is what stands before the colon.
    if (key.isBlank() || key.length() > LONGEST_KEY || key.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "the key of a tag has 1 to %d characters and no colon, this is '%s'"
              .formatted(LONGEST_KEY, key));
    }
  }
}
