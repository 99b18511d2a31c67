package bedload.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A data directory that has been in use before, all tables in it and no rows. It is made once for
 * all tests of this JVM; a copy of it spares a test the seconds of a first start.
 */
public final class TestCluster {
  private TestCluster() {}

  /** Makes an empty directory a copy of the one that was used before. */
  static void copyTo(Path dataDirectory) throws IOException {
    copy(Original.DATA, dataDirectory);
  }

  /** As {@link #copyTo}, with the server's programs, as a whole service has them there. */
  public static void copyWithProgramsTo(Path dataDirectory) throws IOException {
    copyTo(Files.createDirectories(dataDirectory));
    copy(TestDatabase.binaries(), dataDirectory.resolve("postgres"));
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.toList();
    }
    for (Path file : files) {
      if (!file.equals(from)) {
        Files.copy(
            file,
            to.resolve(from.relativize(file)),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /** Made at the first use, by the rules of class initialisation. */
  private static final class Original {
    static final Path DATA = make();

    private static Path make() {
      try {
        Path data = TestDatabase.openDirectory("bedload-test-cluster-");
        try (HastyPostgres postgres = HastyPostgres.start(data)) {
          Database.open(postgres.address(), 2).close();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> TestDatabase.delete(data)));
        return data;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
