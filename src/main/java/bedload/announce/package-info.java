/**
 * Tells the outside of the steps of jobs, in the form of EventBridge, and of changes of the
 * catalog.
 */
@NullMarked
package bedload.announce;

import org.jspecify.annotations.NullMarked;
