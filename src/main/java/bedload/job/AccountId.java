package bedload.job;

import java.util.regex.Pattern;

/**
 * An AWS account, or one that bedload made up for its own users.
 *
 * @param value twelve digits
 */
public record AccountId(String value) {
  private static final Pattern FORM = Pattern.compile("[0-9]{12}");

  /** The account of a fresh installation. */
  public static final AccountId DEFAULT = new AccountId("000000000000");

  public AccountId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("An account id is twelve digits, this is '" + value + "'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
