package bedload.command;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is removed with all that is in it. */
final class TemporaryFolder {
  private TemporaryFolder() {}

  static Path create(String prefix) throws IOException {
    Path folder = Files.createTempDirectory(prefix);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      // Started by root, the embedded database runs as another user, who must get through.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }
    return folder;
  }

  /** Removes it, as far as that is possible: a rest in the temporary folder harms nobody. */
  static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("bedload: could not remove all of " + folder + ": " + e.getMessage());
    }
  }
}
