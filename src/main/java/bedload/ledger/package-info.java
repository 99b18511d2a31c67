/**
 * The book of jobs, shards and segments: the durable truth, and all its SQL. A change of a job, the
 * event of that change and the task that follows from it are always one transaction.
 */
@NullMarked
package bedload.ledger;

import org.jspecify.annotations.NullMarked;
