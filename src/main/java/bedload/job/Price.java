package bedload.job;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a million of a model's tokens cost, in whatever currency the operator thinks in. A job keeps
 * the price that it began under.
 *
 * @param input for tokens that the model reads, other than the following
 * @param output for tokens that it writes
 * @param cacheRead for tokens that it reads out of a cache
 * @param cacheWrite for tokens that it reads and puts into a cache
 */
public record Price(
    BigDecimal input, BigDecimal output, BigDecimal cacheRead, BigDecimal cacheWrite) {
  private static final int MILLION_DIGITS = 6;

  /** Makes a price that makes no difference between tokens of a cache and others. */
  public Price(BigDecimal input, BigDecimal output) {
    this(input, output, input, input);
  }

  public Price {
    if (input.signum() < 0
        || output.signum() < 0
        || cacheRead.signum() < 0
        || cacheWrite.signum() < 0) {
      throw new IllegalArgumentException(
          "A price cannot be below zero: %s in, %s out, %s out of a cache, %s into a cache"
              .formatted(input, output, cacheRead, cacheWrite));
    }
  }

  /** Returns what a usage costs, to the last digit; empty where its tokens are not known. */
  public Optional<BigDecimal> of(TokenUsage usage) {
    Long read = usage.input();
    Long written = usage.output();
    if (read == null || written == null) {
      return Optional.empty();
    }
    return Optional.of(
        cost(input, read)
            .add(cost(output, written))
            .add(cost(cacheRead, usage.cacheRead()))
            .add(cost(cacheWrite, usage.cacheWrite()))
            .movePointLeft(MILLION_DIGITS));
  }

  private static BigDecimal cost(BigDecimal price, @Nullable Long tokens) {
    return tokens == null ? BigDecimal.ZERO : price.multiply(BigDecimal.valueOf(tokens));
  }
}
