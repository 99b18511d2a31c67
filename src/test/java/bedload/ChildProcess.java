package bedload;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program in a process of its own; mostly one of this project, as a user starts it. */
public final class ChildProcess implements AutoCloseable {
  private static final ProcessBuilder.Redirect NOTHING =
      ProcessBuilder.Redirect.from(new File("/dev/null"));

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ChildProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::read);
  }

  /** Starts a main class; what it says on its error output goes to a file. */
  public static ChildProcess start(Path errors, String mainClass, String... arguments)
      throws IOException {
    return startWith(List.of(), errors, mainClass, arguments);
  }

  /** As {@link #start}, with further options of the JVM. */
  public static ChildProcess startWith(
      List<String> options, Path errors, String mainClass, String... arguments) throws IOException {
    return startIn(Map.of(), options, errors, mainClass, arguments);
  }

  /** As {@link #startWith}, with further variables in its environment. */
  static ChildProcess startIn(
      Map<String, String> environment,
      List<String> options,
      Path errors,
      String mainClass,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of(arguments));
    return start(environment, errors, NOTHING, command);
  }

  /** Starts any program; what it says on its error output goes to a file. */
  static ChildProcess start(Path errors, List<String> command) throws IOException {
    return start(Map.of(), errors, NOTHING, command);
  }

  /** As the other, and it can be told something. */
  public static ChildProcess startListening(Path errors, List<String> command) throws IOException {
    return start(Map.of(), errors, ProcessBuilder.Redirect.PIPE, command);
  }

  private static ChildProcess start(
      Map<String, String> environment,
      Path errors,
      ProcessBuilder.Redirect input,
      List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .redirectInput(input);
    builder.environment().putAll(environment);
    return new ChildProcess(builder.start());
  }

  /** Says a line to a process that listens. */
  public void tell(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      String line;
      while ((line = reader.readLine()) != null) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the first line of output that fits. */
  public String awaitLine(Predicate<String> fits) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      String line = lines.poll(100, TimeUnit.MILLISECONDS);
      if (line != null && fits.test(line)) {
        return line;
      }
      if (line == null && !process.isAlive()) {
        throw new IllegalStateException("The process ended with " + process.exitValue());
      }
    }
    throw new IllegalStateException("Nothing that fits was said in " + PATIENCE);
  }

  /** Waits for the process to end by itself and returns its exit status. */
  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("The process did not end in " + PATIENCE);
    }
    return process.exitValue();
  }

  /** Returns the process's id. */
  public long pid() {
    return process.pid();
  }

  /** Sends SIGKILL and waits for the death. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Sends SIGTERM and returns the exit code. */
  int terminate() {
    process.destroy();
    return process.onExit().join().exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
