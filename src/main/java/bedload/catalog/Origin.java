package bedload.catalog;

/** Where a column's value comes from. */
public sealed interface Origin {
  /**
   * A member of the provider's document.
   *
   * @param name as the provider spells it
   */
  record Member(String name) implements Origin {}

  /** The account that the resource was observed in. */
  record Account() implements Origin {}

  /** The resource's tags, which no document carries. */
  record Tags() implements Origin {}
}
