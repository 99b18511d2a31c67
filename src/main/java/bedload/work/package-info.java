/**
 * Takes jobs from Submitted to their end: validate and cut, run shards, assemble, stop, time out,
 * sweep. Steps do not call each other; each reads the ledger and leaves the next one's task there.
 */
@NullMarked
package bedload.work;

import org.jspecify.annotations.NullMarked;
