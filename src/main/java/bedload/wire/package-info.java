/**
 * The wire: the HTTP server, who is calling (SigV4, bearer keys), AWS's error form, requests as
 * they stand on the wire, the checking of what they ask for, and paging tokens. It knows no job and
 * no database.
 */
@NullMarked
package bedload.wire;

import org.jspecify.annotations.NullMarked;
