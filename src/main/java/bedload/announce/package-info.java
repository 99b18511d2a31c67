/** Tells the outside of the steps of jobs, in the form of EventBridge. */
@NullMarked
package bedload.announce;

import org.jspecify.annotations.NullMarked;
