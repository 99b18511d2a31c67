package bedload.work;

/**
 * What makes a job fail as a whole; the message is for its owner: what was wanted, what was found,
 * where, what to do.
 */
final class JobTrouble extends Exception {
  private static final int LONGEST_CHARS = 2048;

  JobTrouble(String message) {
    super(
        message.length() <= LONGEST_CHARS
            ? message
            : message.substring(0, LONGEST_CHARS - 1) + "…");
  }

  /** Returns the message; never null. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
