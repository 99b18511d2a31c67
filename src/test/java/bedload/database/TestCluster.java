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
 * A data directory that has been started and stopped once. It is made once for all tests of this
 * JVM; a copy of it spares a test the seconds of a first start.
 */
final class TestCluster {
  private TestCluster() {}

  /** Makes an empty directory a copy of the one that was used before. */
  static void copyTo(Path dataDirectory) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(Original.DATA)) {
      files = walk.toList();
    }
    for (Path file : files) {
      if (!file.equals(Original.DATA)) {
        Files.copy(
            file,
            dataDirectory.resolve(Original.DATA.relativize(file)),
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
        EmbeddedPostgres.start(data, TestDatabase.binaries()).close();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> TestDatabase.delete(data)));
        return data;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
