package bedload.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a text member must satisfy: a length and a pattern, or one of some words.
 *
 * @param published the pattern as AWS publishes it, which is what a violation quotes; null for none
 * @param linear a pattern that accepts the same texts and needs only linear time; some published
 *     ones need exponential time, so that one request could hold a processor for hours
 * @param words the allowed words; empty for any
 */
public record TextRule(
    int minLength,
    int maxLength,
    @Nullable String published,
    @Nullable Pattern linear,
    List<String> words) {
  /** No rule; for a text that is checked by what is known elsewhere. */
  public static final TextRule ANY = new TextRule(0, Integer.MAX_VALUE, null, null, List.of());

  /** Returns a rule by a pattern that is linear as AWS publishes it. */
  public static TextRule pattern(int minLength, int maxLength, String published) {
    return pattern(minLength, maxLength, published, published);
  }

  /** Returns a rule by a published pattern that is never run, and a linear one that is. */
  public static TextRule pattern(int minLength, int maxLength, String published, String linear) {
    return new TextRule(minLength, maxLength, published, Pattern.compile(linear), List.of());
  }

  /** Returns the rule of an enumeration. */
  public static TextRule oneOf(List<String> words) {
    return new TextRule(0, Integer.MAX_VALUE, null, null, List.copyOf(words));
  }

  /** Says whether a text satisfies the rule. */
  public boolean accepts(String text) {
    return breaches(text).isEmpty();
  }

  /** Returns what of the rule a text breaks, in AWS's words; empty if nothing. */
  List<String> breaches(String text) {
    List<String> breaches = new ArrayList<>();
    int length = text.codePointCount(0, text.length());
    if (length < minLength) {
      breaches.add("Member must have length greater than or equal to " + minLength);
    }
    if (length > maxLength) {
      // The pattern is not tried: no text longer than the bound is worth the time.
      breaches.add("Member must have length less than or equal to " + maxLength);
    } else if (linear != null && !linear.matcher(text).matches()) {
      breaches.add("Member must satisfy regular expression pattern: " + published);
    }
    if (!words.isEmpty() && !words.contains(text)) {
      breaches.add("Member must satisfy enum value set: [" + String.join(", ", words) + "]");
    }
    return breaches;
  }
}
