package bedload.announce;

/** What came of telling an audience. */
sealed interface Reception {
  /** It has them. */
  record Taken() implements Reception {}

  /** It refused these, and may well take others. */
  record Refused(String reason) implements Reception {}

  /** It takes nothing at present. */
  record Absent(String reason) implements Reception {}
}
