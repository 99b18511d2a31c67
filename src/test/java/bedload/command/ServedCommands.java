package bedload.command;

import bedload.SettingsReader;
import bedload.Wiring;
import bedload.database.TestCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole service in this process, and the commands as a user types them against it. */
final class ServedCommands implements AutoCloseable {
  private final Path data;
  private final Wiring wiring;

  private ServedCommands(Path data, Wiring wiring) {
    this.data = data;
    this.wiring = wiring;
  }

  /** Starts a service on a folder and ports of its own. */
  static ServedCommands start() throws IOException {
    return start("");
  }

  /** As {@link #start()}, with settings in YAML. */
  static ServedCommands start(String settings) throws IOException {
    Path data = TemporaryFolder.create("bedload-commands-test-");
    TestCluster.copyWithProgramsTo(data);
    Wiring wiring =
        Wiring.start(
            SettingsReader.read(
                Files.writeString(data.resolve("bedload.yaml"), settings),
                Map.of(),
                Map.of(
                    "data", data.toString(), "listen", "127.0.0.1:0", "s3.listen", "127.0.0.1:0")));
    return new ServedCommands(data, wiring);
  }

  /** What a command left behind. */
  record Outcome(int exitCode, String out, String err) {
    JsonNode json() {
      return JsonMapper.shared().readTree(out);
    }

    /** Returns the ARN that a run told of. */
    String arn() {
      return err.lines()
          .filter(line -> line.startsWith("Created arn:"))
          .findFirst()
          .orElseThrow()
          .substring("Created ".length());
    }
  }

  /** Runs a command that says itself which service it means, if it needs one. */
  static Outcome run(String... args) {
    CommandLine line = RootCommand.commandLine(System.nanoTime(), args);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int exitCode = line.execute(args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  /** Runs a command against this service. */
  Outcome runHere(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--data", data.toString()));
    return run(all.toArray(String[]::new));
  }

  /** Returns the service's data directory. */
  Path data() {
    return data;
  }

  Wiring wiring() {
    return wiring;
  }

  @Override
  public void close() {
    wiring.close();
    TemporaryFolder.remove(data);
  }
}
