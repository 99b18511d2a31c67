package bedload.job;

import org.jspecify.annotations.Nullable;

/**
 * One line of an input object.
 *
 * @param ordinal the record's number in its input object, from 0; blank lines have none
 * @param recordId null if the line has none
 * @param modelInput the bytes of the JSON object as they stand in the line; never re-serialised
 */
@SuppressWarnings(
    "ArrayRecordComponent") // bytes of a line travel uncopied; nobody compares records
public record InputRecord(long ordinal, @Nullable String recordId, byte[] modelInput) {}
