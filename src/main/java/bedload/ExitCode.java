package bedload;

/** What a command's end means to the shell that called it. */
public enum ExitCode {
  /** Done, and the answer is yes. */
  OK(0),
  /** Done, and the answer is no: a job that failed, a line that is bad, a statement refused. */
  NO(1),
  /** The command line is wrong. */
  USAGE(2),
  /** Something that the command needs is not there: a service, a port, a database, disk space. */
  UNAVAILABLE(69),
  /** A fault of bedload itself. */
  BUG(70),
  /** The settings are wrong. */
  SETTINGS(78),
  /** Ended by Ctrl-C before it was done. */
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** Returns the process's exit status. */
  public int number() {
    return number;
  }
}
