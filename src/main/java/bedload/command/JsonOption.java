package bedload.command;

import java.io.PrintWriter;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Whether a command answers a person or a program. */
final class JsonOption {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Option(names = "--json", description = "Write JSON, one document a line.")
  private boolean isWanted;

  boolean isWanted() {
    return isWanted;
  }

  /** Writes a document on a line. */
  static void write(PrintWriter out, Object document) {
    out.println(JSON.writeValueAsString(document));
  }
}
