package bedload;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a test needs of the machine beside a JDK. Where it is missing the test is aborted, which a
 * report shows; where {@code BEDLOAD_REQUIRE_TOOLS} is set it fails, so that nobody who believes
 * the test runs is deceived.
 */
public final class Needs {
  private Needs() {}

  /** Goes on if a program answers to {@code --version}. */
  public static void command(String name) {
    succeeds(name, List.of(name, "--version"));
  }

  /** Goes on if Python can import a module. */
  public static void pythonModule(String module) {
    succeeds("Python with " + module, List.of("python3", "-c", "import " + module));
  }

  /** Goes on if there is a value, and returns it. */
  public static <T> T present(String what, Optional<T> value) {
    if (value.isEmpty()) {
      miss(what);
    }
    return value.orElseThrow();
  }

  private static void succeeds(String what, List<String> command) {
    if (exitCode(command) == 0) {
      return;
    }
    miss(what);
  }

  private static void miss(String what) {
    String message = "This test needs " + what + ", which is not on this machine";
    if (System.getenv("BEDLOAD_REQUIRE_TOOLS") != null) {
      fail(message);
    }
    abort(message);
  }

  private static int exitCode(List<String> command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while looking for " + command, e);
    }
  }
}
