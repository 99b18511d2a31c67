package bedload;

/**
 * What went wrong in a way that a user can mend: the message is the whole story, in sentences that
 * say what was wanted, what was found and what to do. It is printed without a stack trace.
 */
public final class CommandFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  public CommandFault(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public CommandFault(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Returns what the process ends with. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
