package bedload.command;

import bedload.database.EmbeddedPostgres;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The database that the nodes of a bench share: the one that was named, or one of the bench's own.
 *
 * @param own null if another was named
 */
record BenchDatabase(String url, @Nullable EmbeddedPostgres own) implements AutoCloseable {
  /**
   * Returns the database of an URL, or starts one.
   *
   * @param url null for one of the bench's own
   * @param folder where that one has its files
   */
  static BenchDatabase of(@Nullable String url, Path folder) {
    if (url != null) {
      return new BenchDatabase(url, null);
    }
    EmbeddedPostgres own = EmbeddedPostgres.start(folder);
    return new BenchDatabase(own.address().url(), own);
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
