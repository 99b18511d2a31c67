package bedload.model;

import java.time.Duration;

/**
 * Where a job's records go as well when its time runs short.
 *
 * @param to the model id, of another entry, that answers then
 * @param within how long before the job's timeout that begins
 */
public record Spill(String to, Duration within) {
  public Spill {
    if (to.isBlank()) {
      throw new IllegalArgumentException("A spill names the entry that it goes to");
    }
    if (within.isNegative() || within.isZero()) {
      throw new IllegalArgumentException(
          "A spill begins some time before the timeout, not %s before it".formatted(within));
    }
  }
}
