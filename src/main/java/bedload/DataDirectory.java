package bedload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which one service keeps everything that must outlive it. Whoever has it open is the
 * only process that does.
 */
public final class DataDirectory implements AutoCloseable {
  /** Less than this, and a database that is asked to start may not come up again. */
  static final long LEAST_FREE_BYTES = 200L << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /**
   * What this process has open. To close a file is to lose every lock that the process holds on it
   * (POSIX), so nobody here may so much as look at the lock of a directory that is in this set.
   */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final DataPaths paths;
  private final FileChannel lockFile;
  private final String nodeId;

  private DataDirectory(DataPaths paths, FileChannel lockFile, String nodeId) {
    this.paths = paths;
    this.lockFile = lockFile;
    this.nodeId = nodeId;
  }

  /**
   * Makes the directory if need be, and takes it for this process.
   *
   * @throws CommandFault if it cannot be made or written, if another process has it, or if the disk
   *     is nearly full
   */
  public static DataDirectory open(Path root, RandomGenerator random) {
    DataPaths paths = new DataPaths(root);
    try {
      create(paths);
      refuseIfOpenHere(paths);
      FileChannel lockFile = takeLock(paths);
      try {
        checkFreeBytes(paths.root(), Files.getFileStore(paths.root()).getUsableSpace());
        Files.deleteIfExists(paths.running());
        DataDirectory directory = new DataDirectory(paths, lockFile, nodeId(paths, random));
        OPEN_HERE.add(paths.root());
        return directory;
      } catch (IOException | RuntimeException e) {
        lockFile.close();
        throw e;
      }
    } catch (AccessDeniedException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The data directory %s cannot be used: no right to write %s. Give it to the user who runs bedload, or choose another with --data."
              .formatted(paths.root(), e.getFile()),
          e);
    } catch (IOException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The data directory %s cannot be used: %s. Mend that, or choose another with --data."
              .formatted(paths.root(), e),
          e);
    }
  }

  private static void create(DataPaths paths) throws IOException {
    if (Files.exists(paths.root()) && !Files.isDirectory(paths.root())) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The data directory %s is a file. Choose another with --data.".formatted(paths.root()));
    }
    // Others may pass through, and list nothing: started by root, the embedded database runs as
    // another user. What is secret has a mode of its own.
    createFolder(paths.root(), "rwx--x--x");
    createFolder(paths.journal(), "rwx------");
    createFolder(paths.logs(), "rwx------");
  }

  private static void createFolder(Path folder, String rights) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path parent = folder.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(folder, PrivateFile.permissions(rights));
    }
  }

  /** Who asks whether a service runs holds the lock for a moment: hence the short patience. */
  private static FileChannel takeLock(DataPaths paths) throws IOException {
    FileChannel channel =
        FileChannel.open(
            paths.lock(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!tryLock(channel, false)) {
      if (System.nanoTime() - deadline > 0) {
        String holder = readText(channel);
        channel.close();
        throw inUse(paths, holder.isEmpty() ? "unknown" : holder);
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
        0);
    return channel;
  }

  private static void refuseIfOpenHere(DataPaths paths) {
    if (OPEN_HERE.contains(paths.root())) {
      throw inUse(paths, Long.toString(ProcessHandle.current().pid()));
    }
  }

  private static CommandFault inUse(DataPaths paths, String holder) {
    return new CommandFault(
        ExitCode.UNAVAILABLE,
        "The data directory %s is in use by another bedload, process %s. End that one, or choose another directory with --data."
            .formatted(paths.root(), holder));
  }

  private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very process has it open
    }
  }

  private static String readText(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(32);
    channel.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
  }

  /** Says whether some process has the directory open. */
  static boolean isInUse(DataPaths paths) {
    if (OPEN_HERE.contains(paths.root())) {
      return true;
    }
    if (!Files.exists(paths.lock())) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(paths.lock(), StandardOpenOption.READ)) {
      return !tryLock(channel, true);
    } catch (IOException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE, "Cannot look at %s: %s.".formatted(paths.lock(), e), e);
    }
  }

  static void checkFreeBytes(Path root, long freeBytes) {
    if (freeBytes < LEAST_FREE_BYTES) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The disk of the data directory %s has %d MB free; bedload starts with %d MB or more. Free some, or choose another directory with --data."
              .formatted(root, freeBytes >> 20, LEAST_FREE_BYTES >> 20));
    }
  }

  private static String nodeId(DataPaths paths, RandomGenerator random) throws IOException {
    if (!Files.exists(paths.nodeId())) {
      PrivateFile.write(paths.nodeId(), "node-%016x".formatted(random.nextLong()));
    }
    return Files.readString(paths.nodeId()).strip();
  }

  /** Returns where things lie in it. */
  public DataPaths paths() {
    return paths;
  }

  /** Returns the name of this installation, the same at every start. */
  public String nodeId() {
    return nodeId;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(paths.running());
    OPEN_HERE.remove(paths.root());
    lockFile.close();
  }
}
