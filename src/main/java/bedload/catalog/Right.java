package bedload.catalog;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a role of an account may see.
 *
 * @param readable the accounts whose rows: its own, and collected ones
 * @param unmasked those of them whose sensitive columns, too
 * @param roleEnding what the role's name has after the account's own
 */
public record Right(Set<String> readable, Set<String> unmasked, String roleEnding) {
  static final String MASKED_ENDING = "_masked";

  public Right {
    readable = Set.copyOf(readable);
    unmasked = Set.copyOf(unmasked);
    if (!readable.containsAll(unmasked)) {
      Set<String> unread = new TreeSet<>(unmasked);
      unread.removeAll(readable);
      throw new IllegalArgumentException(
          "Sensitive columns of %s cannot be seen by who may not see its rows".formatted(unread));
    }
  }

  /** Returns the right of an account's own role. */
  public static Right of(Set<String> readable, Set<String> unmasked) {
    return new Right(readable, unmasked, "");
  }

  /** Returns the right to the same rows for people who shall see nothing that users fed. */
  public Right masked() {
    return new Right(readable, Set.of(), MASKED_ENDING);
  }
}
