/** The catalog over HTTP: questions in SQL and searches, answered as rows in JSON or CSV. */
@NullMarked
package bedload.web.query;

import org.jspecify.annotations.NullMarked;
