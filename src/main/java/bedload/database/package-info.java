/**
 * The database: PostgreSQL that bedload starts itself or that the user runs, the way to it, and the
 * order in which its tables come to be. Knows no table.
 *
 * <p>Trouble with the server is one unchecked exception, {@link DatabaseUnavailableException},
 * whose message is meant for the person at the console.
 */
@NullMarked
package bedload.database;

import org.jspecify.annotations.NullMarked;
