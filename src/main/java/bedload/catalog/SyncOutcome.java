package bedload.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How a sync of a source went.
 *
 * @param calls how many calls it took
 * @param throttled how many of them the provider put off
 * @param error a sentence for people; null if it did all that it should
 */
public record SyncOutcome(
    RecordedCounts counts, int calls, int throttled, @Nullable String error) {}
