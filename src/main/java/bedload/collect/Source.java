package bedload.collect;

import bedload.catalog.Sources;
import bedload.job.AccountId;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An account in a region that the catalog collects from.
 *
 * @param endpoint a service that speaks the same API; null for AWS itself
 * @param every how often it is collected when nobody asks
 * @param callsPerSecond how many calls it gets at most
 */
public record Source(
    AccountId account,
    String region,
    SourceAccess access,
    @Nullable URI endpoint,
    Duration every,
    double callsPerSecond) {
  /** How often a source is collected unless settings say otherwise. */
  public static final Duration DEFAULT_EVERY = Duration.ofMinutes(5);

  /** What AWS's control plane takes without complaint from one account in one region. */
  public static final double DEFAULT_CALLS_PER_SECOND = 5;

  private static final Duration LEAST_EVERY = Duration.ofSeconds(10);
  private static final double MOST_CALLS_PER_SECOND = 10_000;

  public Source {
    if (every.compareTo(LEAST_EVERY) < 0) {
      throw new IllegalArgumentException(
          "every-seconds: %d or more is wanted, this is %d"
              .formatted(LEAST_EVERY.toSeconds(), every.toSeconds()));
    }
    if (!(callsPerSecond > 0 && callsPerSecond <= MOST_CALLS_PER_SECOND)) {
      throw new IllegalArgumentException(
          "calls-per-second: more than 0 and up to %,.0f is wanted, this is %s"
              .formatted(MOST_CALLS_PER_SECOND, callsPerSecond));
    }
  }

  /** Returns who answers: aws, or the URL of another service. */
  public String origin() {
    return endpoint == null ? "aws" : endpoint.toString();
  }

  /** Returns the source as the catalog knows it. */
  Sources.Declared declared() {
    return new Sources.Declared(account.value(), region, origin(), every);
  }
}
