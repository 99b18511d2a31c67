package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program beside which the bench puts bedload. */
final class Rival {
  private final String name;
  private final List<String> command;

  /** Finds in what it prints how many records it did and in how many seconds. */
  private final Pattern rate;

  private Rival(String name, List<String> command, Pattern rate) {
    this.name = name;
    this.command = List.copyOf(command);
    this.rate = rate;
  }

  /** What one run came to. */
  record Run(double perSecond, double records, Duration processor) {}

  /** wrk, which measures what the server can do; empty if it is not installed. */
  static Optional<Rival> wrk(Path script, String url, int atOnce) {
    return InstantServer.program("wrk")
        .map(
            program ->
                new Rival(
                    "wrk",
                    List.of(
                        program.toString(),
                        "-t1",
                        "-c" + atOnce,
                        "-d5s",
                        "-s",
                        script.toString(),
                        url),
                    Pattern.compile("([0-9]+) requests in ([0-9.]+)s,")));
  }

  /**
   * A script that prints how many records it did and in how many seconds; empty if the program that
   * runs it is not installed.
   */
  static Optional<Rival> script(String name, String program, Path script, List<String> arguments) {
    return InstantServer.program(program)
        .map(
            found -> {
              List<String> command = new ArrayList<>();
              command.add(found.toString());
              command.add(script.toString());
              command.addAll(arguments);
              return new Rival(name, command, Pattern.compile("(?m)^([0-9]+) ([0-9.]+)$"));
            });
  }

  String name() {
    return name;
  }

  /** Runs it to its end. */
  Run run(Path folder) throws IOException, InterruptedException {
    Path said = Files.createTempFile(folder, "said-", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      Duration before = ProcessUse.endedChildren();
      int status = process.waitFor();
      String text = Files.readString(said, StandardCharsets.UTF_8);
      Matcher found = rate.matcher(text);
      if (status != 0 || !found.find()) {
        throw new CommandFault(
            ExitCode.UNAVAILABLE, "%s ended with status %d: %s".formatted(name, status, text));
      }
      double records = Double.parseDouble(found.group(1));
      double perSecond = records / Double.parseDouble(found.group(2));
      return new Run(perSecond, records, ProcessUse.endedChildren().minus(before));
    } finally {
      process.destroy();
      Files.delete(said);
    }
  }
}
