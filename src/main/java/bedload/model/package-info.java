/**
 * The models that jobs run on: which backend answers for which model id, how many calls it gets at
 * once, and what is asked again. Everything above calls {@link bedload.model.ServedModel} and no
 * other part of this room.
 */
@NullMarked
package bedload.model;

import org.jspecify.annotations.NullMarked;
