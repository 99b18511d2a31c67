/**
 * What people and their monitoring see over HTTP: the pages, who may see them, and the service's
 * health and figures.
 */
@NullMarked
package bedload.web;

import org.jspecify.annotations.NullMarked;
