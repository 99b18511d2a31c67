package bedload.model.http;

import java.time.Duration;

/**
 * How long a connection to a model server is used.
 *
 * @param longestRest an idle one is closed after so long; zero keeps none. It should be shorter
 *     than servers wait before they close themselves
 * @param longestLife one that is in use all the time is closed after the first call that ends
 *     later, so that servers that a load balancer or a name has gained get calls, too
 */
public record ConnectionRules(Duration longestRest, Duration longestLife) {
  /** Many Python and C++ servers close a connection that was idle for 5 s. */
  public static final ConnectionRules DEFAULT =
      new ConnectionRules(Duration.ofSeconds(3), Duration.ofMinutes(10));

  /** Refuses times before now. */
  public ConnectionRules {
    if (longestRest.isNegative() || longestLife.isNegative()) {
      throw new IllegalArgumentException(
          "A connection rests and lives for some time, not for %s and %s"
              .formatted(longestRest, longestLife));
    }
  }
}
