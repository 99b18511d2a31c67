package bedload.model;

import bedload.job.TokenUsage;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a model's tokens cost, in whatever currency the operator thinks in. This is the one place
 * that makes money out of tokens.
 *
 * @param inputPerMillion for a million tokens that a model reads, from a cache or not
 * @param outputPerMillion for a million tokens that it writes
 */
public record Price(BigDecimal inputPerMillion, BigDecimal outputPerMillion) {
  private static final int MILLION_DIGITS = 6;

  public Price {
    if (inputPerMillion.signum() < 0 || outputPerMillion.signum() < 0) {
      throw new IllegalArgumentException(
          "A price cannot be below zero: %s in, %s out"
              .formatted(inputPerMillion, outputPerMillion));
    }
  }

  /** Returns what a usage costs, to the last digit; empty where its tokens are not known. */
  public Optional<BigDecimal> of(TokenUsage usage) {
    Long input = usage.input();
    Long output = usage.output();
    if (input == null || output == null) {
      return Optional.empty();
    }
    long read = input + orZero(usage.cacheRead()) + orZero(usage.cacheWrite());
    return Optional.of(
        inputPerMillion
            .multiply(BigDecimal.valueOf(read))
            .add(outputPerMillion.multiply(BigDecimal.valueOf(output)))
            .movePointLeft(MILLION_DIGITS));
  }

  private static long orZero(@Nullable Long tokens) {
    return tokens == null ? 0 : tokens;
  }
}
