package bedload.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands that has not ended.
 *
 * @param position its place among the jobs that wait for the same model or belong to the same
 *     account, 1 for the next; null if it runs
 * @param aheadRecords how many records are to be done of the jobs before it, running ones included;
 *     null if it runs
 * @param estimatedStart null if it runs, if no pace is known, or if its time is over before its
 *     turn
 * @param estimatedEnd null if no pace is known
 * @param recordsPerSecond of this job alone, of late; null if none of its records was done yet
 * @param at when this was reckoned
 */
public record QueuePlace(
    @Nullable Integer position,
    @Nullable Long aheadRecords,
    @Nullable Instant estimatedStart,
    @Nullable Instant estimatedEnd,
    @Nullable Double recordsPerSecond,
    Instant at) {}
