package bedload.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked.
 *
 * @param path the folder that has {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path path) {
  private static final String PREFIX = "binaries-";
  private static final int EXECUTABLE = 0100;

  /**
   * Unpacks the programs that are on the class path for this platform, unless that was done before.
   *
   * @param folder where they go, each version into a folder of its own
   * @throws DatabaseUnavailableException if there are none for this platform
   */
  static PostgresBinaries unpack(Path folder) throws IOException {
    URL archive = archive();
    Path target = folder.resolve(PREFIX + version(archive));
    if (Files.isDirectory(target)) {
      return new PostgresBinaries(target);
    }
    Path unfinished = Files.createTempDirectory(folder, "unfinished-");
    try {
      unpack(archive, unfinished);
      force(unfinished);
      if (PostgresFolder.isPosix()) {
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      PostgresFolder.move(unfinished, target);
    } catch (IOException e) {
      PostgresFolder.delete(unfinished);
      // Somebody who shares the folder may have been first.
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
    return new PostgresBinaries(target);
  }

  /** Deletes what other versions of bedload, or a killed start, have left beside these. */
  void deleteOthers() throws IOException {
    Path folder = path.getParent();
    if (folder == null) {
      return;
    }
    List<Path> others;
    try (Stream<Path> siblings = Files.list(folder)) {
      others =
          siblings
              .filter(sibling -> !sibling.equals(path))
              .filter(
                  sibling -> {
                    String name = sibling.getFileName().toString();
                    return name.startsWith(PREFIX) || name.startsWith("unfinished-");
                  })
              .toList();
    }
    for (Path other : others) {
      PostgresFolder.delete(other);
    }
  }

  /** Returns the path of one program: {@code initdb}, {@code pg_ctl} or {@code postgres}. */
  String program(String name) {
    return path.resolve("bin").resolve(name).toString();
  }

  private static URL archive() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String os = system.contains("win") ? "windows" : system.contains("mac") ? "darwin" : "linux";
    String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String architecture = machine.equals("aarch64") ? "arm_64" : "x86_64";
    List<String> names =
        List.of(
            "postgres-" + os + "-" + architecture + ".txz",
            "postgres-" + os + "-" + architecture + "-alpine_linux.txz");
    for (String name : names) {
      URL archive = PostgresBinaries.class.getClassLoader().getResource(name);
      if (archive != null) {
        return archive;
      }
    }
    throw new DatabaseUnavailableException(
        "This build of bedload has no PostgreSQL for %s on %s. Take the build for this platform, or give a server of your own with --database-url."
            .formatted(os, machine));
  }

  /**
   * Returns what tells one archive from the next, read off the jar's directory and not the archive.
   */
  private static String version(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    connection.setUseCaches(false);
    if (connection instanceof JarURLConnection jar) {
      try (var file = jar.getJarFile()) {
        return "%08x".formatted(file.getEntry(jar.getEntryName()).getCrc());
      }
    }
    try (InputStream _ = connection.getInputStream()) {
      return "%x-%x".formatted(connection.getContentLengthLong(), connection.getLastModified());
    }
  }

  private static void unpack(URL archive, Path folder) throws IOException {
    try (InputStream file = archive.openStream();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(file)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = entry.resolveIn(folder);
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
          continue;
        }
        if (entry.isLink()) {
          Files.createLink(target, folder.resolve(entry.getLinkName()));
          continue;
        }
        Files.copy(tar, target);
        if (PostgresFolder.isPosix()) {
          boolean executable = (entry.getMode() & EXECUTABLE) != 0;
          Files.setPosixFilePermissions(
              target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }

  /** The folder's name promises that all is there, so it must be on the disk before the name is. */
  private static void force(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    // After the last was written, not each after its own write: the disk then works far less.
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }
}
