package bedload.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database the nodes of a bench share. */
final class BenchDatabaseOption {
  @Option(
      names = "--database-url",
      paramLabel = "URL",
      description =
          "An empty database of a PostgreSQL 15 or newer, for the nodes to share (default: one that the bench brings).")
  private @Nullable String url;

  /**
   * Returns the database that was named, or starts one.
   *
   * @param folder where that one has its files
   */
  BenchDatabase open(Path folder) {
    return BenchDatabase.of(url, folder);
  }
}
