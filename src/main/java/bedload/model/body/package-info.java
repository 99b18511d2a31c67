/**
 * The bodies that models of Bedrock take and give, one class a family, and their translation to and
 * from what OpenAI-compatible servers speak. Whatever has no counterpart there is refused by name;
 * nothing is dropped silently.
 */
@NullMarked
package bedload.model.body;

import org.jspecify.annotations.NullMarked;
