package bedload;

import bedload.command.RootCommand;
import java.util.Locale;

/** Where the process begins, and the only place that ends it with a status. */
public final class Bedload {
  private Bedload() {}

  public static void main(String[] args) {
    // Numbers are written as the English around them has it, whatever the machine's language.
    Locale.setDefault(Locale.ROOT);
    System.exit(RootCommand.run(args, System.nanoTime()).number());
  }
}
