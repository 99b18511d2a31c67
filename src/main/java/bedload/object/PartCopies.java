package bedload.object;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store has shown of copying objects into parts of others: some do not know it, and some
 * want all parts to be of one size, which they say only in the end. Thread-safe.
 */
final class PartCopies {
  private static final Logger LOG = LoggerFactory.getLogger(PartCopies.class);

  private final AtomicBoolean refused = new AtomicBoolean();

  /** Says whether it is of no use to try. */
  boolean areRefused() {
    return refused.get();
  }

  /** Notes that the store does not take them, for as long as this process runs. */
  void refuse(Exception reason) {
    if (refused.compareAndSet(false, true)) {
      LOG.info(
          "The store does not copy parts, so bytes are sent through here: {}", reason.getMessage());
    }
  }
}
