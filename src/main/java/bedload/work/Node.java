package bedload.work;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One process that works.
 *
 * @param name no other process bears it, and the same one bears it after a restart
 * @param folder where it keeps journals and spools; its own too
 * @param drain how long it waits, when it goes down, for the answers it has asked for
 */
public record Node(String name, Path folder, Heartbeat heartbeat, Duration drain) {
  /** Most answers are there by then, and those who stop a service do not wait much longer. */
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(30);

  /** A node that waits for its answers as long as is usual. */
  public Node(String name, Path folder, Heartbeat heartbeat) {
    this(name, folder, heartbeat, DEFAULT_DRAIN);
  }
}
