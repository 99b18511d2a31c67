package bedload.work;

import bedload.job.TokenUsage;

/**
 * A finished record as the journal keeps it.
 *
 * @param ordinal the record's number in its shard, from 0
 * @param success whether the model answered; else the line carries an error
 * @param line the output line, line feed included
 * @param calls how many calls a failure took; 0 if that is not known, or nothing failed
 */
@SuppressWarnings("ArrayRecordComponent") // lines travel uncopied; nobody compares answers
record Answer(int ordinal, boolean success, TokenUsage usage, byte[] line, int calls) {
  Answer(int ordinal, boolean success, TokenUsage usage, byte[] line) {
    this(ordinal, success, usage, line, 0);
  }
}
