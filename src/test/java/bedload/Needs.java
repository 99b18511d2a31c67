package bedload;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a test needs of the machine beside a JDK. Where it is missing the test is aborted, which a
 * report shows; where {@code BEDLOAD_REQUIRE_TOOLS} is set it fails, so that nobody who believes
 * the test runs is deceived.
 */
public final class Needs {
  private Needs() {}

  /** Goes on if a program answers to {@code --version}. */
  public static void command(String name) {
    if (exitCode(List.of(name, "--version")) != 0) {
      miss(name);
    }
  }

  /**
   * Goes on if a Python can import a module, and returns it. What a Debian package brings only
   * Debian's own Python has, which is not the first on every path.
   */
  public static String pythonWith(String module) {
    return present(
        "Python with " + module,
        Stream.of("python3", "/usr/bin/python3")
            .filter(python -> exitCode(List.of(python, "-c", "import " + module)) == 0)
            .findFirst());
  }

  /** Goes on if there is a value, and returns it. */
  public static <T> T present(String what, Optional<T> value) {
    if (value.isEmpty()) {
      miss(what);
    }
    return value.orElseThrow();
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
