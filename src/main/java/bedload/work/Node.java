package bedload.work;

import java.nio.file.Path;

/**
 * One process that works.
 *
 * @param name no other process bears it, and the same one bears it after a restart
 * @param folder where it keeps journals and spools; its own too
 */
public record Node(String name, Path folder, Heartbeat heartbeat) {}
