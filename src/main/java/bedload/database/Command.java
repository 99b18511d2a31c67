package bedload.database;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** One run of a program of PostgreSQL. */
record Command(List<String> words) {
  /** What a shell says of a command that is not there. */
  private static final int NOT_RUN = 127;

  /**
   * How a program ended.
   *
   * @param output what it wrote, errors included
   */
  record Outcome(int exitCode, String output) {
    boolean isSuccess() {
      return exitCode == 0;
    }
  }

  static Command of(List<String> prefix, String... words) {
    return new Command(Stream.concat(prefix.stream(), Stream.of(words)).toList());
  }

  /** Starts the program and leaves it to the caller; what it writes goes into a pipe. */
  Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    // What the user set for his own psql must not lead the server elsewhere.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    // Messages are read by us and quoted to the user, so they are in one language.
    builder.environment().put("LC_ALL", "C");
    // initdb makes it the server's own, whatever it was told.
    builder.environment().put("TZ", "UTC");
    return builder.start();
  }

  /** Runs the program to its end; one that is not there is an outcome too. */
  Outcome run(String input) {
    Process process;
    try {
      process = start();
    } catch (IOException e) {
      return new Outcome(NOT_RUN, String.valueOf(e.getMessage()));
    }
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It ended before it had read everything; why is in its output.
    }
    try {
      String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
      return new Outcome(process.waitFor(), output.strip());
    } catch (IOException e) {
      process.destroyForcibly();
      return new Outcome(NOT_RUN, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return new Outcome(NOT_RUN, "interrupted");
    }
  }

  /** As {@link #run(String)}, with nothing to read. */
  Outcome run() {
    return run("");
  }
}
