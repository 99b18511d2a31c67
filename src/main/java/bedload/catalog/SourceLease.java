package bedload.catalog;

import java.time.Instant;

/**
 * The right to collect a source, for as long as its holder gives a sign of life now and then.
 *
 * @param since when it was given, by which it differs from every other of the same holder
 */
public record SourceLease(String account, String region, String holder, Instant since) {}
