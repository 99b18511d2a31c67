/** The pages as HTML: values in, markup out; no requests and no database. */
@NullMarked
package bedload.web.page;

import org.jspecify.annotations.NullMarked;
