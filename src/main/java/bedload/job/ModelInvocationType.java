package bedload.job;

import java.util.Arrays;

/** Which API a record's modelInput is a body of. */
public enum ModelInvocationType {
  /** The model's own body, as InvokeModel takes it. */
  INVOKE_MODEL("InvokeModel"),
  /** A Converse request without its modelId. */
  CONVERSE("Converse");

  private final String wireName;

  ModelInvocationType(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the name that the Bedrock API uses. */
  public String wireName() {
    return wireName;
  }

  /**
   * Returns the type of a wire name.
   *
   * @throws IllegalArgumentException if no type is called so
   */
  public static ModelInvocationType ofWireName(String wireName) {
    return Arrays.stream(values())
        .filter(type -> type.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("No invocation type is called '" + wireName + "'"));
  }
}
