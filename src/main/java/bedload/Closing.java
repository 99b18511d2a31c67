package bedload;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started and must be ended, the last one first. Not thread-safe. */
final class Closing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private record Part(String name, AutoCloseable end) {}

  private final Deque<Part> parts = new ArrayDeque<>();

  /** Remembers how a part that was just started ends, and returns it. */
  <T extends AutoCloseable> T add(String name, T part) {
    parts.push(new Part(name, part));
    LOG.info("Started: {}", name);
    return part;
  }

  /** Ends all parts; one that fails does not keep the others from ending. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.end().close();
        LOG.info("Ended: {}", part.name());
      } catch (Exception e) {
        LOG.warn("The {} did not end in order: {}", part.name(), String.valueOf(e.getMessage()), e);
      }
    }
  }
}
