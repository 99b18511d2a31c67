package bedload.catalog;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A source and how its collecting goes. Counts are of the last sync.
 *
 * @param origin aws, or the URL of another service
 * @param lastAttemptAt when the last sync began; null before the first
 * @param lastSuccessAt when a sync last did all that it should
 * @param took how long the last sync took
 * @param error why the last sync did not do all that it should; null if it did
 * @param askedAt when somebody last wanted a sync at once
 */
public record SourceStatus(
    String account,
    String region,
    String origin,
    Duration every,
    @Nullable Instant lastAttemptAt,
    @Nullable Instant lastSuccessAt,
    @Nullable Duration took,
    int newRows,
    int changedRows,
    int unchangedRows,
    int calls,
    int throttledCalls,
    @Nullable String error,
    @Nullable Instant askedAt,
    boolean isRunning,
    Instant nextAt) {

  /** Says whether a sync that was wanted at that time, or later, has come to its end. */
  public boolean hasEndedSince(Instant asked) {
    return !isRunning && lastAttemptAt != null && !lastAttemptAt.isBefore(asked);
  }
}
