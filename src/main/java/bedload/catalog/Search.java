package bedload.catalog;

import bedload.catalog.Column.Mark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A search as SQL that can be seen, kept and changed: {@code status:(Failed OR Expired)
 * model:*titan* -team:ml after:-7d words}. A key is a column, a part of a column's name that fits
 * no other, or else a tag's key.
 */
public final class Search {
  private static final int MOST_FACET_VALUES = 20;
  private static final Pattern ID = Pattern.compile("(?=.*[0-9])[a-z0-9]{12}");

  private final ResourceType type;

  /** What is counted: the table, or some rows of it. */
  private final String source;

  private final String condition;

  private Search(ResourceType type, String source, String condition) {
    this.type = type;
    this.source = source;
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
        type,
        type.table(),
        conditions.isEmpty() ? "" : "\n where " + String.join("\n   and ", conditions));
  }

  /** Returns the question for the rows, the newest first. */
  public String rows() {
    String order =
        type.collect()
            .incremental()
            // Not "nulls last", by which no index could give the newest without a look at all.
            .map(newest -> path(newest.column()) + " desc, ")
            .orElse("");
    return "select *\n  from %s%s\n order by %s%s"
        .formatted(
            type.table(),
            condition,
            order,
            type.key().stream().map(Search::path).collect(Collectors.joining(", ")));
  }

  /**
   * Returns the questions for how many of the newest rows have each value, by facet: a page that is
   * open must not have millions of rows read at each look.
   *
   * @param most of how many rows at most
   */
  public Map<String, String> facetsOfNewest(int most) {
    String newest = "(%s\n limit %d) as newest".formatted(rows(), most);
    return new Search(type, newest, "").facets();
  }

  /** Returns the questions for how many rows have each value, by facet. */
  public Map<String, String> facets() {
    return facets(
        type.storedColumns().stream()
            .filter(column -> column.leaf().is(Mark.FACET))
            .map(StoredColumn::dotted)
            .toList());
  }

  /**
   * Returns the questions for how many rows have each value, by the names asked for.
   *
   * @param names of columns, or of keys of tags, as in a search
   */
  public Map<String, String> facets(List<String> names) {
    Map<String, String> questions = new LinkedHashMap<>();
    for (String name : names) {
      Optional<StoredColumn> column = column(type, name);
      boolean isList =
          column.isPresent() && column.get().leaf().type() == ColumnType.UNORDERED_LIST_STRING;
      questions.put(
          column.map(StoredColumn::dotted).orElse(name),
          isList
              ? "select facet as value, count(*) as count\n  from %s\n cross join unnest(%s) as facet%s\n group by 1\n order by 2 desc, 1\n limit %d"
                  .formatted(source, path(column.get().dotted()), condition, MOST_FACET_VALUES)
              : groups(name) + "\n limit " + MOST_FACET_VALUES);
    }
    return questions;
  }

  /**
   * Returns the question for those of the next changes after a place that left a resource as it is
   * looked for, in the order in which they can be followed: its place in two parts, what happened,
   * and the resource after it.
   *
   * @param most how many changes are looked at
   */
  public String changes(int most) {
    String key =
        type.key().stream()
            .map(Search::path)
            .map("version."::concat)
            .collect(Collectors.joining(" || '/' || "));
    String columns =
        type.columns().stream()
            .map(column -> "version." + Sql.name(column.name()))
            .collect(Collectors.joining(", "));
    return """
    select change_transaction, change_sequence, resource_key as key, version.revision,
           version.valid_from as at, version.changed,
           (select to_json(resource) from (select %s) as resource) as resource
      from changes_after($1::bigint, $2::bigint, %d)
      join (select * from %s_history%s) as version
        on %s = resource_key and version.revision = resource_revision
     where table_name = %s
       and (change_transaction, change_sequence) <= ($3::bigint, $4::bigint)
       and not pg_visible_in_snapshot(written_by::text::xid8, $5::pg_snapshot)
     order by change_transaction, change_sequence
    """
        .formatted(columns, most, type.table(), condition, key, Sql.literal(type.table()));
  }

  /**
   * Returns the question for how many rows there are of each value, those without one included; of
   * a time, by its day.
   *
   * @param name of a column, or of a key of tags, as in a search
   */
  public String groups(String name) {
    Optional<StoredColumn> column = column(type, name);
    boolean isTime = column.isPresent() && column.get().leaf().type() == ColumnType.TIMESTAMP;
    String value =
        column
            .map(found -> path(found.dotted()))
            .map(path -> isTime ? "date_trunc('day', " + path + ")" : path)
            .orElseGet(() -> tagValues(name));
    return "select %s as value, count(*) as count\n  from %s%s\n group by 1\n order by %s"
        .formatted(value, source, condition, isTime ? "1 desc" : "2 desc, 1");
  }

  /** Several values of one key are shown as one, with commas between. */
  private String tagValues(String key) {
    String prefix = Sql.literal(key + ":");
    return "(select string_agg(substr(tag, length(%1$s) + 1), ',' order by tag) from unnest(%2$s) as tag where starts_with(tag, %1$s))"
        .formatted(prefix, path(type.columnFrom(Origin.Tags.class).dotted()));
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

  /**
   * Each way to be found has an index, but the last, which is tried only for what can be an id: the
   * part of an ARN after its last slash.
   */
  private static String freeText(ResourceType type, SearchClause.Word word) {
    String name = path(type.displayName());
    if (word.isPattern()) {
      return "%s ilike %s".formatted(name, Sql.literal(like(word)));
    }
    String key = path(type.key().getFirst());
    String any =
        "%s ilike %s or %s = %s"
            .formatted(name, Sql.literal("%" + like(word) + "%"), key, Sql.literal(word.text()));
    return ID.matcher(word.text()).matches()
        ? "(%s or %s like %s)".formatted(any, key, Sql.literal("%/" + word.text()))
        : "(" + any + ")";
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
