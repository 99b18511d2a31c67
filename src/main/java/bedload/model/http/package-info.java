/**
 * HTTP/1.1 to model servers, made so that a call is sent once, ends by its deadline whatever the
 * server does, and closes its connection when nobody wants its answer any more.
 */
@NullMarked
package bedload.model.http;

import org.jspecify.annotations.NullMarked;
