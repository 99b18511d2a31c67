package bedload.ledger;

/**
 * Why a record has no answer.
 *
 * @param ordinal the record's number in its shard, from 0
 * @param code Bedrock's number: 400, 424, 429, 500 or 503
 * @param calls how many calls were made for it; 0 if nobody knows any more
 */
public record RecordFailure(int ordinal, String recordId, int code, String message, int calls) {}
