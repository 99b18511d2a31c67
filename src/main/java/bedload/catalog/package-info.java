/**
 * The book of resources: each resource type is a schema file, and from it come its tables, its
 * views, who may read them, and how an observation is written. Knows no source of observations.
 */
@NullMarked
package bedload.catalog;

import org.jspecify.annotations.NullMarked;
