package bedload.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code postgres} of a data directory, and what lies where in it.
 *
 * @param path real, so that the server's command line, which names it, can be compared with it
 */
record PostgresFolder(Path path) {
  /** The server is a child of a shell, which would take these for its own. */
  private static final String SHELL_CHARACTERS = "\"$`\\\n";

  private static final long LONGEST_LOG_BYTES = 16L << 20;

  static PostgresFolder in(Path dataDirectory) throws IOException {
    Path path = Files.createDirectories(dataDirectory.resolve("postgres")).toRealPath();
    if (isPosix()) {
      if (path.toString().chars().anyMatch(c -> SHELL_CHARACTERS.indexOf(c) >= 0)) {
        throw new DatabaseUnavailableException(
            "PostgreSQL cannot be started below %s: the path has one of \" $ ` \\ in it. Choose another directory with --data."
                .formatted(path));
      }
      // Another user may have to pass through it: the server's, when bedload is started by root.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return new PostgresFolder(path);
  }

  static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  /** Returns where the server keeps its files, once it has some. */
  Path data() {
    return path.resolve("data");
  }

  /** Returns where the server's files are made before they become {@link #data}. */
  Path unfinishedData() {
    return path.resolve("data.unfinished");
  }

  Path password() {
    return path.resolve("password");
  }

  Path port() {
    return path.resolve("port");
  }

  Path log() {
    return path.resolve("server.log");
  }

  /**
   * Makes a log file ready to be appended to; a long one is put aside, in place of the one before.
   */
  Path freshLog() throws IOException {
    Path log = log();
    if (Files.exists(log) && Files.size(log) > LONGEST_LOG_BYTES) {
      Files.move(log, path.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (Files.notExists(log)) {
      createPrivate(log);
    }
    return log;
  }

  /** Creates an empty file that nobody but its owner may read. */
  static void createPrivate(Path file) throws IOException {
    if (isPosix()) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }

  /** Writes a small private file in a way that leaves the old one or the new one, never a half. */
  static void replace(Path file, String content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    createPrivate(unfinished);
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    move(unfinished, file);
  }

  /** Renames, and makes the rename outlast a power cut. */
  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    if (isPosix()) {
      Path folder = to.toAbsolutePath().getParent();
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Deletes a tree, if it is there. */
  static void delete(Path tree) throws IOException {
    if (Files.notExists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
