package bedload.catalog;

import java.util.Arrays;

/** The type of a column or field that has no fields of its own, in the documentation's words. */
public enum ColumnType {
  STRING("text"),
  /** An instant; kept to the millisecond. */
  TIMESTAMP("timestamptz"),
  INT32("integer"),
  INT64("bigint"),
  BOOLEAN("boolean"),
  /** A set of texts; kept sorted and distinct, so that no mere change of order is a change. */
  UNORDERED_LIST_STRING("text[]");

  private final String sqlType;

  ColumnType(String sqlType) {
    this.sqlType = sqlType;
  }

  /** Returns the PostgreSQL type, by the name that {@code format_type} gives or a short form. */
  public String sqlType() {
    return sqlType;
  }

  /**
   * Returns the type of a documented name.
   *
   * @throws IllegalArgumentException if no type is called so; the message lists those that exist
   */
  static ColumnType ofName(String name) {
    return Arrays.stream(values())
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no type is called '%s'; there are STRUCT and %s"
                        .formatted(name, Arrays.toString(values()))));
  }
}
