package bedload.ledger;

import bedload.job.S3Uri;

/**
 * A line for which a job was refused.
 *
 * @param line the line's number, from 1
 * @param column where in the line, in bytes from 1
 * @param rule what a line must be
 * @param found what it is instead, cut to a readable length
 */
public record InputFault(S3Uri object, long line, long column, String rule, String found) {}
