package bedload;

import bedload.command.RootCommand;

/** Where the process begins, and the only place that ends it with a status. */
public final class Bedload {
  private Bedload() {}

  public static void main(String[] args) {
    System.exit(RootCommand.run(args, System.nanoTime()).number());
  }
}
