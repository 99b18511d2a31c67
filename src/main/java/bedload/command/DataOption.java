package bedload.command;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which service a command talks to: the one that runs on a data directory of this machine. */
final class DataOption {
  private static final String VARIABLE = "BEDLOAD__DATA";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The service's data directory (default: $" + VARIABLE + ", else ./bedload-data).")
  private @Nullable Path data;

  /** Returns the directory that was named, or the default. */
  Path path() {
    return data == null ? defaultPath(System.getenv()) : data;
  }

  /** Returns the directory that is meant where none is named. */
  static Path defaultPath(Map<String, String> environment) {
    String variable = environment.getOrDefault(VARIABLE, "");
    return Path.of(variable.isEmpty() ? "bedload-data" : variable);
  }
}
