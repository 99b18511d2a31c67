package bedload.command;

/** How many of something there are, as a sentence has it. */
final class CountText {
  private CountText() {}

  /** Returns such as "1 bad line" and "2,000 bad lines". */
  static String of(long count, String one) {
    return count == 1 ? "1 " + one : "%,d %ss".formatted(count, one);
  }
}
