package bedload.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An observation as the row that the store keeps: flat, in the order of the store's columns. */
final class RowContent {
  private final @Nullable Object[] values;
  private final List<String> key;

  /** Takes the values over: nobody may change them afterwards. */
  RowContent(@Nullable Object[] values, List<String> key) {
    this.values = values;
    this.key = key;
  }

  /** Returns the key's values, in the order of the key's columns. */
  List<String> key() {
    return key;
  }

  /** Returns the value of a column, by its place; null if the provider did not send it. */
  @Nullable Object value(int column) {
    return values[column];
  }
}
