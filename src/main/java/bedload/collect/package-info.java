/** What fills the catalog: reads a source, and writes what it saw of resources. */
@NullMarked
package bedload.collect;

import org.jspecify.annotations.NullMarked;
