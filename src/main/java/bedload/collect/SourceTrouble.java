package bedload.collect;

/** Why a source could not be collected, as a sentence for whoever looks after it. */
final class SourceTrouble extends RuntimeException {
  private final boolean isWholeSource;
  private final String code;

  /**
   * @param code the provider's name of the reason for which it refused one operation
   */
  static SourceTrouble refused(String sentence, String code) {
    return new SourceTrouble(sentence, false, code);
  }

  /**
   * @param isWholeSource whether nothing else of the source can be had either
   */
  SourceTrouble(String sentence, boolean isWholeSource) {
    this(sentence, isWholeSource, "");
  }

  private SourceTrouble(String sentence, boolean isWholeSource, String code) {
    super(sentence);
    this.isWholeSource = isWholeSource;
    this.code = code;
  }

  /** Says whether the service has no such operation at all. */
  boolean isUnknownOperation() {
    return code.startsWith("UnknownOperation");
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  boolean isWholeSource() {
    return isWholeSource;
  }
}
