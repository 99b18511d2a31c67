/** The catalog's sources over HTTP: how each goes, and a sync at once. */
@NullMarked
package bedload.web.source;

import org.jspecify.annotations.NullMarked;
