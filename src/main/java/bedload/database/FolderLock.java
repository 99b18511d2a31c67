package bedload.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sole right to a folder. The kernel lets go of it when the process ends, however it ends, so
 * nothing stale is ever left.
 */
final class FolderLock implements AutoCloseable {
  private static final int PID_DIGITS = 20;

  /**
   * What this process holds. It must not open such a file again: closing any handle of a file drops
   * every lock that the process has on it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the right to a folder.
   *
   * @param folder a real path that exists
   * @throws DatabaseUnavailableException if this or another process has it
   */
  static FolderLock take(Path folder) throws IOException {
    if (!HELD.add(folder)) {
      throw inUse(folder, "this process");
    }
    boolean taken = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(folder, "process " + read(channel));
      }
      channel.truncate(0);
      write(channel, Long.toString(ProcessHandle.current().pid()));
      taken = true;
      return new FolderLock(folder, channel);
    } finally {
      if (!taken) {
        HELD.remove(folder);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private static DatabaseUnavailableException inUse(Path folder, String holder) {
    return new DatabaseUnavailableException(
        "The data directory %s is in use by %s. Stop that one, or choose another directory with --data."
            .formatted(folder.getParent(), holder));
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(PID_DIGITS);
    channel.read(pid, 0);
    return new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
  }

  private static void write(FileChannel channel, String pid) throws IOException {
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(folder);
  }
}
