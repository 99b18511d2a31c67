package bedload.catalog;

import bedload.catalog.Column.Mark;

/**
 * What readers see of sensitive columns: the value where the account of the row is one that they
 * have the right to, else only that there is one. The views compute it before anything that a
 * reader asks, so that no filter, order, function or error of the reader's ever meets the value.
 *
 * @param account the documented name of the column with the account that owns a row
 */
record Mask(StoredColumn account) {
  private static final String SHOWN = "'(masked)'";

  /** Returns the mask of a type's columns. */
  static Mask of(ResourceType type) {
    return new Mask(type.columnFrom(Origin.Account.class));
  }

  /** Returns what shows a column of the store, as an SQL expression. */
  String over(StoredColumn column) {
    String stored = Sql.name(column.name());
    return column.leaf().is(Mark.SENSITIVE)
        // The sub-select is evaluated once a statement.
        ? "case when %s = any ((select catalog_store.unmasked_accounts())::text[]) then %s when %s is not null then %s end"
            .formatted(Sql.name(account.name()), stored, stored, instead(column.leaf().type()))
        : stored;
  }

  private static String instead(ColumnType type) {
    return switch (type) {
      case STRING -> SHOWN;
      case UNORDERED_LIST_STRING -> "array[" + SHOWN + "]";
      case TIMESTAMP, INT32, INT64, BOOLEAN -> "null";
    };
  }
}
