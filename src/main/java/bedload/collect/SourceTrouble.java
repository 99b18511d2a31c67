package bedload.collect;

/** Why a source could not be collected, as a sentence for whoever looks after it. */
final class SourceTrouble extends RuntimeException {
  private final boolean isWholeSource;

  /**
   * @param isWholeSource whether nothing else of the source can be had either
   */
  SourceTrouble(String sentence, boolean isWholeSource) {
    super(sentence);
    this.isWholeSource = isWholeSource;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  boolean isWholeSource() {
    return isWholeSource;
  }
}
