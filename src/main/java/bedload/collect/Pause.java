package bedload.collect;

import java.time.Duration;

/** How a collector waits. */
@FunctionalInterface
interface Pause {
  /**
   * Waits, and returns false if the service is ending, so that there is nothing left to wait for.
   */
  boolean waited(Duration duration);
}
