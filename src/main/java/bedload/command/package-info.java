/** What a user types: one class per command. Nothing else in bedload prints to a terminal. */
@NullMarked
package bedload.command;

import org.jspecify.annotations.NullMarked;
