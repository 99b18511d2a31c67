package bedload;

/** What a command's end means to the shell that called it. */
public enum ExitCode {
  OK(0, "Done, and the answer is yes."),
  NO(
      1,
      "The answer is no: a job that is not Completed, a bad line, a refused statement or call, a model that fails."),
  USAGE(2, "The command line is wrong."),
  UNAVAILABLE(
      69, "Something is missing: a service, a free port, a database, a file, disk space, a JDK."),
  BUG(70, "A fault of bedload itself."),
  SETTINGS(78, "The settings are wrong."),
  /** The JVM ends with 128 and the signal's number by itself; this is the one of Ctrl-C. */
  INTERRUPTED(130, "Cut short by Ctrl-C before it was done; 143 if by SIGTERM.");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** Returns the process's exit status. */
  public int number() {
    return number;
  }

  /** Returns what the status says, in a sentence for people. */
  public String meaning() {
    return meaning;
  }
}
