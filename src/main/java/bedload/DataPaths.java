package bedload;

import java.nio.file.Path;

/**
 * Where things lie in a data directory.
 *
 * @param root absolute
 */
public record DataPaths(Path root) {
  public DataPaths {
    root = root.toAbsolutePath().normalize();
  }

  /** Held by the process that uses the directory; the text in it is that process's id. */
  public Path lock() {
    return root.resolve("lock");
  }

  /** The name under which this installation takes part in work; made once. */
  public Path nodeId() {
    return root.resolve("node-id");
  }

  /** Keys and passwords; see {@link Credentials}. */
  public Path credentials() {
    return root.resolve("credentials.json");
  }

  /** What runs here and where it listens; see {@link RunningService}. */
  public Path running() {
    return root.resolve("running.json");
  }

  /** What the embedded S3 endpoint stores. */
  public Path objects() {
    return root.resolve("objects");
  }

  /** Answers of models that are not yet part of a segment. */
  public Path journal() {
    return root.resolve("journal");
  }

  /** The service's log files. */
  public Path logs() {
    return root.resolve("logs");
  }
}
