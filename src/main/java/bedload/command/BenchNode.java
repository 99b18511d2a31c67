package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.RunningService;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of a service in a process of its own, as a bench starts and kills it. It gets the options
 * of the JVM that runs the bench: {@code ./bedload} gives those of a service to both.
 */
final class BenchNode implements AutoCloseable {
  private final Path data;
  private final Process process;

  private BenchNode(Path data, Process process) {
    this.data = data;
    this.process = process;
  }

  /** Starts a node on its own data directory and returns when it is ready. */
  static BenchNode start(Path data, List<String> options) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("serve", "--data", data.toString()));
    arguments.addAll(List.of("--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0"));
    arguments.addAll(options);
    Files.createDirectories(data.toAbsolutePath().getParent());
    Process process =
        command(arguments)
            .redirectError(data.resolveSibling(data.getFileName() + "-errors.log").toFile())
            .start();
    BufferedReader lines = process.inputReader();
    String line = lines.readLine();
    while (line != null && !line.startsWith("bedload ready:")) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "A node of the bench did not start; what it said is in %s-errors.log".formatted(data));
    }
    return new BenchNode(data, process);
  }

  /** Returns the process of a command of bedload, in a JVM with this one's options. */
  static ProcessBuilder command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // The launcher keeps an archive of classes for each command: it is that of a service here.
      command.add(option.replace("/bench.jsa", "/service.jsa"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "bedload.Bedload"));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** Returns where it is and how to speak to it. */
  RunningService service() {
    return RunningService.find(data);
  }

  long pid() {
    return process.pid();
  }

  /** Kills it as a power cut would, and returns when it was dead: until then it may still call. */
  long kill() {
    process.destroyForcibly();
    process.onExit().join();
    return System.nanoTime();
  }

  /** Ends it in order, with its database if it brought one. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
