package bedload.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the listing of a type has come in a source.
 *
 * @param reached the latest value of the column by which the type is listed; null before the first
 * @param fullAt when everything was last listed from the beginning; null before the first time
 */
public record SourceCursor(@Nullable Instant reached, @Nullable Instant fullAt) {}
