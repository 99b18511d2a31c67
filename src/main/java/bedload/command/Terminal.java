package bedload.command;

import java.io.Console;

/** What is known of the terminal that a command writes to. */
final class Terminal {
  private static final int COLUMNS_OF_A_PIPE = 200;
  private static final int COLUMNS_OF_A_TERMINAL = 100;

  private Terminal() {}

  /** Says whether a person watches, so that a line may be written over. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where nobody watches
  static boolean isWatched() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Returns how wide a line may be. */
  static int columns() {
    String given = System.getenv("COLUMNS");
    if (given != null && given.matches("[1-9][0-9]{1,3}")) {
      return Integer.parseInt(given);
    }
    return isWatched() ? COLUMNS_OF_A_TERMINAL : COLUMNS_OF_A_PIPE;
  }
}
