package bedload.catalog;

import bedload.catalog.Column.Mark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A search as SQL that can be seen, kept and changed: {@code status:(Failed OR Expired)
 * model:*titan* -team:ml after:-7d words}. A key is a column, a part of a column's name that fits
 * no other, or else a tag's key.
 */
public final class Search {
  private static final int MOST_FACET_VALUES = 20;

  private final ResourceType type;
  private final String condition;

  private Search(ResourceType type, String condition) {
    this.type = type;
    this.condition = condition;
  }

  /**
   * Returns what a text looks for.
   *
   * @param now to which {@code -7d} refers
   * @throws QuestionFault that says what in the text cannot be understood
   */
  public static Search of(ResourceType type, String text, Instant now) {
    List<String> conditions = new ArrayList<>();
    for (SearchClause clause : SearchClause.parse(text)) {
      String any =
          clause.words().stream()
              .map(word -> condition(type, clause.key(), word, now))
              .collect(Collectors.joining(" or "));
      conditions.add(
          clause.isNegated()
              // Where nothing is known, nothing is what was not wanted.
              ? "coalesce(not (%s), true)".formatted(any)
              : clause.words().size() > 1 ? "(" + any + ")" : any);
    }
    return new Search(
        type, conditions.isEmpty() ? "" : "\n where " + String.join("\n   and ", conditions));
  }

  /** Returns the question for the rows, the newest first. */
  public String rows() {
    String order =
        type.collect()
            .incremental()
            .map(newest -> path(newest.column()) + " desc nulls last, ")
            .orElse("");
    return "select *\n  from %s%s\n order by %s%s"
        .formatted(
            type.table(),
            condition,
            order,
            type.key().stream().map(Search::path).collect(Collectors.joining(", ")));
  }

  /** Returns the questions for how many rows have each value, by facet. */
  public Map<String, String> facets() {
    Map<String, String> questions = new LinkedHashMap<>();
    for (StoredColumn column : type.storedColumns()) {
      if (column.leaf().is(Mark.FACET)) {
        boolean isList = column.leaf().type() == ColumnType.UNORDERED_LIST_STRING;
        questions.put(
            column.dotted(),
            "select %s as value, count(*) as count\n  from %s%s%s\n group by 1\n order by 2 desc, 1\n limit %d"
                .formatted(
                    isList ? "facet" : path(column.dotted()),
                    type.table(),
                    isList
                        ? "\n cross join unnest(%s) as facet".formatted(path(column.dotted()))
                        : "",
                    condition,
                    MOST_FACET_VALUES));
      }
    }
    return questions;
  }

  private static String condition(
      ResourceType type, String key, SearchClause.Word word, Instant now) {
    if (key.isEmpty()) {
      return freeText(type, word);
    }
    Optional<CollectPlan.Incremental> age = type.collect().incremental();
    if (age.isPresent() && (key.equals("after") || key.equals("before"))) {
      return "%s %s %s"
          .formatted(
              path(age.get().column()),
              key.equals("after") ? ">=" : "<",
              Sql.literal(SearchTime.parse(word.text(), now).toString()));
    }
    return column(type, key)
        .map(column -> ofColumn(column, word))
        .orElseGet(() -> ofTag(type, key, word));
  }

  private static String freeText(ResourceType type, SearchClause.Word word) {
    String pattern = Sql.literal(word.isPattern() ? like(word) : "%" + like(word) + "%");
    return "(%1$s ilike %3$s or %2$s ilike %3$s)"
        .formatted(path(type.displayName()), path(type.key().getFirst()), pattern);
  }

  /** Returns the column of that name, or the only one whose name has that part. */
  private static Optional<StoredColumn> column(ResourceType type, String key) {
    String wanted = key.toLowerCase(Locale.ROOT);
    List<StoredColumn> columns = type.storedColumns();
    Optional<StoredColumn> exact =
        columns.stream().filter(column -> column.dotted().equals(wanted)).findFirst();
    if (exact.isPresent()) {
      return exact;
    }
    List<StoredColumn> partly =
        columns.stream()
            .filter(column -> column.path().size() == 1)
            .filter(column -> List.of(column.dotted().split("_", -1)).contains(wanted))
            .toList();
    return partly.size() == 1 ? Optional.of(partly.getFirst()) : Optional.empty();
  }

  private static String ofColumn(StoredColumn column, SearchClause.Word word) {
    String path = path(column.dotted());
    if (word.isPattern() && word.text().equals("*")) {
      return path + " is not null";
    }
    return switch (column.leaf().type()) {
      case STRING ->
          word.isPattern()
              ? "%s ilike %s".formatted(path, Sql.literal(like(word)))
              : "%s = %s".formatted(path, Sql.literal(documented(column.leaf(), word.text())));
      case UNORDERED_LIST_STRING ->
          word.isPattern()
              ? "exists (select from unnest(%s) as one where one ilike %s)"
                  .formatted(path, Sql.literal(like(word)))
              : "%s @> array[%s]".formatted(path, Sql.literal(word.text()));
      case TIMESTAMP, INT32, INT64, BOOLEAN -> "%s = %s".formatted(path, Sql.literal(word.text()));
    };
  }

  /** A value that the documentation names is found however its letters were typed. */
  private static String documented(Column.Leaf leaf, String typed) {
    return leaf.values().stream()
        .map(Column.NamedValue::value)
        .filter(value -> value.equalsIgnoreCase(typed))
        .findFirst()
        .orElse(typed);
  }

  private static String ofTag(ResourceType type, String key, SearchClause.Word word) {
    String tags = path(type.columnFrom(Origin.Tags.class).dotted());
    return word.isPattern()
        ? "exists (select from unnest(%s) as tag where tag ilike %s)"
            .formatted(tags, Sql.literal(like(new SearchClause.Word(key, true)) + ":" + like(word)))
        : "%s @> array[%s]".formatted(tags, Sql.literal(key + ":" + word.text()));
  }

  /** Returns the word as a pattern of {@code like}. */
  private static String like(SearchClause.Word word) {
    String text = word.text().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    return word.isQuoted() ? text : text.replace('*', '%');
  }

  private static String path(String dotted) {
    int dot = dotted.indexOf('.');
    return dot < 0 ? dotted : "(" + dotted.substring(0, dot) + ")" + dotted.substring(dot);
  }
}
