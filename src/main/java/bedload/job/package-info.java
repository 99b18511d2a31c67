/**
 * The words of bedload: values and their rules. No I/O, no clock, no chance of its own, nothing but
 * java.*.
 */
@NullMarked
package bedload.job;

import org.jspecify.annotations.NullMarked;
