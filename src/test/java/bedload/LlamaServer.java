package bedload;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * llama.cpp behind an OpenAI-compatible server, in a process of its own. The engine comes from npm,
 * the model is made anew, and both are kept in the build's folder.
 */
final class LlamaServer implements AutoCloseable {
  private static final String VERSION = "3.22.1";
  private static final Path SCRIPTS = Path.of("src", "test", "llama");
  private static final Path PLACE = Path.of("target", "llama");

  private final ChildProcess process;
  private final String url;

  private LlamaServer(ChildProcess process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts the server; aborts the test where node, npm or the engine's build is missing. */
  static LlamaServer start(Path errors) throws IOException, InterruptedException {
    Needs.command("node");
    Needs.command("npm");
    install(errors);
    for (String script : List.of("make-model.mjs", "server.mjs")) {
      Files.copy(
          SCRIPTS.resolve(script), PLACE.resolve(script), StandardCopyOption.REPLACE_EXISTING);
    }
    String model = PLACE.resolve("random.gguf").toString();
    run(errors, List.of("node", PLACE.resolve("make-model.mjs").toString(), model));
    ChildProcess process =
        ChildProcess.start(errors, List.of("node", PLACE.resolve("server.mjs").toString(), model));
    String line = process.awaitLine(said -> said.startsWith("listening "));
    return new LlamaServer(process, "http://127.0.0.1:%s/v1".formatted(line.split(" ")[1]));
  }

  private static void install(Path errors) throws IOException, InterruptedException {
    Path engine = PLACE.resolve("node_modules").resolve("@node-llama-cpp").resolve(platform());
    if (Files.exists(engine.resolve("package.json"))) {
      return;
    }
    Files.createDirectories(PLACE);
    run(
        errors,
        List.of(
            "npm",
            "install",
            "--prefix",
            PLACE.toString(),
            // The engine's own scripts would build it; its parts for graphics cards weigh 600 MB.
            "--ignore-scripts",
            "--omit=optional",
            "--no-audit",
            "--no-fund",
            "node-llama-cpp@" + VERSION,
            "@node-llama-cpp/%s@%s".formatted(platform(), VERSION)));
  }

  private static String platform() {
    String platform =
        "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch"));
    return switch (platform) {
      case "Linux amd64" -> "linux-x64";
      case "Linux aarch64" -> "linux-arm64";
      default -> abort("There is no engine for %s in this test".formatted(platform));
    };
  }

  private static void run(Path errors, List<String> command)
      throws IOException, InterruptedException {
    int code =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(
          "%s ended with %d: %s".formatted(command, code, Files.readString(errors)));
    }
  }

  /** Returns the base to which chat/completions is added. */
  String url() {
    return url;
  }

  @Override
  public void close() {
    process.close();
  }
}
