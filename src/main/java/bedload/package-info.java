/** The top of the house: the command line, the wiring of all rooms, and the settings. */
@NullMarked
package bedload;

import org.jspecify.annotations.NullMarked;
