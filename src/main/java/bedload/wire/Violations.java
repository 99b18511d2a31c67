package bedload.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All rules that one request breaks, so that its writer hears of all of them at once. Not
 * thread-safe.
 */
public final class Violations {
  /** A request that breaks more rules than that has made its point. */
  private static final int MAX_REPORTED = 20;

  private final List<String> found = new ArrayList<>();

  /**
   * Puts down a breach.
   *
   * @param value as sent; null if the member is missing
   * @param member the path of the member, such as {@code tags.1.member.key}
   * @param constraint what the member must satisfy, as a sentence
   */
  public void add(@Nullable String value, String member, String constraint) {
    found.add(
        "Value %s at '%s' failed to satisfy constraint: %s"
            .formatted(value == null ? "null" : "'" + Excerpt.of(value) + "'", member, constraint));
  }

  /** Puts down what a text breaks of a rule; says whether that is nothing. */
  public boolean check(String value, String member, TextRule rule) {
    List<String> breaches = rule.breaches(value);
    breaches.forEach(breach -> add(value, member, breach));
    return breaches.isEmpty();
  }

  /** Puts down if a number is out of bounds; says whether it is within. */
  public boolean check(long value, String member, long min, long max) {
    if (value < min) {
      add(Long.toString(value), member, "Member must have value greater than or equal to " + min);
    }
    if (value > max) {
      add(Long.toString(value), member, "Member must have value less than or equal to " + max);
    }
    return value >= min && value <= max;
  }

  /** Returns the number that a text spells within bounds; empty, and put down, if it does not. */
  public Optional<Integer> integer(String value, String member, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      return check(number, member, min, max) ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      add(value, member, "Member must be an integer");
      return Optional.empty();
    }
  }

  /**
   * Ends the checking.
   *
   * @throws CallFault VALIDATION in AWS's text form if anything was put down
   */
  public void throwIfAny() {
    if (found.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append(found.size())
        .append(
            found.size() == 1 ? " validation error detected: " : " validation errors detected: ")
        .append(String.join("; ", found.subList(0, Math.min(found.size(), MAX_REPORTED))));
    if (found.size() > MAX_REPORTED) {
      text.append("; and ").append(found.size() - MAX_REPORTED).append(" more");
    }
    throw CallFault.validation(text.toString());
  }
}
