package bedload.command;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is known of the terminal that a command writes to. */
final class Terminal {
  private static final int COLUMNS_OF_A_PIPE = 200;
  private static final int COLUMNS_OF_A_TERMINAL = 100;
  private static final Pattern SIZE = Pattern.compile("[0-9]+ ([1-9][0-9]{1,3})");
  private static final int PATIENCE_SECONDS = 1;

  private Terminal() {}

  /** Says whether a person reads what a command answers. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where nobody watches
  static boolean isWatched() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * Says whether a person watches stderr, so that a line of it may be written over; the answer
   * itself may go into a file meanwhile.
   */
  static boolean isProgressWatched() {
    return isWatched() || Stderr.IS_TERMINAL;
  }

  /** Returns how wide a line may be. */
  static int columns() {
    String given = System.getenv("COLUMNS");
    if (given != null && given.matches("[1-9][0-9]{1,3}")) {
      return Integer.parseInt(given);
    }
    if (!isWatched()) {
      return COLUMNS_OF_A_PIPE;
    }
    return Width.OF_TERMINAL;
  }

  /** Asked once: a line that is written over again and again must not start a program each time. */
  private static final class Width {
    static final int OF_TERMINAL =
        ask(new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")))
            .map(SIZE::matcher)
            .filter(Matcher::matches)
            .map(size -> Integer.parseInt(size.group(1)))
            .orElse(COLUMNS_OF_A_TERMINAL);
  }

  /** Asked once, likewise. */
  private static final class Stderr {
    static final boolean IS_TERMINAL =
        ask(new ProcessBuilder("test", "-t", "2").redirectError(ProcessBuilder.Redirect.INHERIT))
            .isPresent();
  }

  /** Returns what a small program of every Unix prints; empty if it fails or is not there. */
  private static Optional<String> ask(ProcessBuilder program) {
    try {
      Process process = program.start();
      try {
        if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
          byte[] said = process.getInputStream().readAllBytes();
          return Optional.of(new String(said, StandardCharsets.US_ASCII).strip());
        }
      } finally {
        process.destroy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // No such program: nothing is known of the terminal.
    }
    return Optional.empty();
  }
}
