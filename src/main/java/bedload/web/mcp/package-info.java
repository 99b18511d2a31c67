/** The catalog for agents, by the Model Context Protocol. */
@NullMarked
package bedload.web.mcp;

import org.jspecify.annotations.NullMarked;
