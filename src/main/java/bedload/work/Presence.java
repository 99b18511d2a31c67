package bedload.work;

import bedload.ledger.Nodes;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the other nodes, and people, see that this one lives. It decides only how long a shard whose
 * answers this node keeps is left to it.
 */
public final class Presence implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final Nodes nodes;
  private final String name;
  private final CountDownLatch closing = new CountDownLatch(1);

  private Presence(Nodes nodes, String name) {
    this.nodes = nodes;
    this.name = name;
  }

  /** Writes that a node has started, and from time to time that it lives. */
  public static Presence start(Nodes nodes, Nodes.Self self) {
    nodes.join(self);
    Presence presence = new Presence(nodes, self.name());
    Thread.ofVirtual().name("presence").start(presence::tellUntilClosed);
    return presence;
  }

  private void tellUntilClosed() {
    try {
      while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          nodes.seen(name);
        } catch (RuntimeException e) {
          LOG.debug("The database cannot be told that this node lives", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes that the node has ended in order. */
  @Override
  public void close() {
    closing.countDown();
    nodes.leave(name);
  }
}
