package bedload.catalog;

import java.util.List;
import java.util.Set;

/** A documented column of a resource type, or a field of one, with the fields below it. */
public sealed interface Column {
  /** Returns the documented name. */
  String name();

  /** Returns the name of the documented type. */
  String documentedType();

  /** Returns where the value comes from. */
  Origin origin();

  /** Returns what the column means, for its users. */
  String description();

  /** What is said about a column besides its type. */
  enum Mark {
    /** Users look for rows by it, so an index serves it. */
    INDEXED,
    /** It has few enough values to be counted beside a list. */
    FACET,
    /** Its text may quote what a user fed. */
    SENSITIVE
  }

  /**
   * One of the values that a column can have.
   *
   * @param description empty if the value speaks for itself
   */
  record NamedValue(String value, String description) {}

  /**
   * A column without fields.
   *
   * @param values every value that the provider documents, empty if it names none; others are kept
   *     all the same
   */
  record Leaf(
      String name,
      ColumnType type,
      Origin origin,
      String description,
      List<NamedValue> values,
      Set<Mark> marks)
      implements Column {
    public Leaf {
      values = List.copyOf(values);
      marks = Set.copyOf(marks);
    }

    @Override
    public String documentedType() {
      return type.name();
    }

    /** Says whether the column carries the mark. */
    public boolean is(Mark mark) {
      return marks.contains(mark);
    }
  }

  /**
   * A column made of fields.
   *
   * @param typeName what the composite type is called in SQL
   * @param required whether the provider always sends it. The others are NULL as a whole when it
   *     did not, and a view can show that only through a CASE, through which no index serves
   */
  record Struct(
      String name,
      String typeName,
      Origin origin,
      String description,
      boolean required,
      List<Column> fields)
      implements Column {
    public Struct {
      fields = List.copyOf(fields);
      if (fields.isEmpty()) {
        throw new IllegalArgumentException("STRUCT %s has no fields".formatted(name));
      }
    }

    @Override
    public String documentedType() {
      return "STRUCT";
    }
  }
}
