package bedload.job;

import org.jspecify.annotations.Nullable;

/**
 * Tokens that a call, or many, took and gave; each null where no server said a number, which is not
 * zero.
 */
public record TokenUsage(
    @Nullable Long input,
    @Nullable Long output,
    @Nullable Long cacheRead,
    @Nullable Long cacheWrite) {
  /** No server said anything. */
  public static final TokenUsage UNKNOWN = new TokenUsage(null, null, null, null);

  /** Returns the usage of a call that reported tokens in and out only. */
  public static TokenUsage of(@Nullable Long input, @Nullable Long output) {
    return new TokenUsage(input, output, null, null);
  }

  /** Returns the sum of what is known; a member stays null only if neither side knows it. */
  public TokenUsage plus(TokenUsage other) {
    return new TokenUsage(
        sum(input, other.input),
        sum(output, other.output),
        sum(cacheRead, other.cacheRead),
        sum(cacheWrite, other.cacheWrite));
  }

  private static @Nullable Long sum(@Nullable Long left, @Nullable Long right) {
    if (left == null) {
      return right;
    }
    return right == null ? left : Long.valueOf(left + right);
  }
}
