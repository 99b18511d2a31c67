/** Spans of jobs, shards and calls for a collector, where the environment names one. */
@NullMarked
package bedload.trace;

import org.jspecify.annotations.NullMarked;
