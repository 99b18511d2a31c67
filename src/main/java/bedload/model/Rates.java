package bedload.model;

import org.jspecify.annotations.Nullable;

/**
 * What a backend may be asked in a minute, by all nodes together.
 *
 * @param requestsPerMinute null for as many as it takes
 * @param tokensPerMinute in and out; null likewise
 */
public record Rates(@Nullable Integer requestsPerMinute, @Nullable Long tokensPerMinute) {
  /** No limit. */
  public static final Rates NONE = new Rates(null, null);

  public Rates {
    if ((requestsPerMinute != null && requestsPerMinute < 1)
        || (tokensPerMinute != null && tokensPerMinute < 1)) {
      throw new IllegalArgumentException(
          "Requests and tokens a minute have to be 1 at least, not %s and %s"
              .formatted(requestsPerMinute, tokensPerMinute));
    }
  }

  /** Returns what keeps within these rates and within others. */
  Rates and(Rates other) {
    return new Rates(
        least(requestsPerMinute, other.requestsPerMinute),
        least(tokensPerMinute, other.tokensPerMinute));
  }

  private static <N extends Comparable<N>> @Nullable N least(@Nullable N one, @Nullable N other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }
}
