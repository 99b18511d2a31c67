package bedload.catalog;

import bedload.catalog.Column.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reference of every table, in Markdown, as the schema files say it. */
public final class CatalogReference {
  private static final String HEAD =
      """
      # The catalog's tables

      This page is made from the schema files in `src/main/resources/catalog`. Each table has its history (`…_history`), the moves of its status (`…_events`),
      where and when its rows were seen (`…_provenance`), and the same rows in the shape of Datadog's SQL. How to ask is in [sql.md](sql.md), how rows are collected
      in [operating.md](operating.md).
      """;

  private final StringBuilder text = new StringBuilder(HEAD);

  private CatalogReference() {}

  /** Returns the page of some types. */
  public static String of(List<ResourceType> types) {
    CatalogReference page = new CatalogReference();
    types.forEach(page::table);
    page.line("## The IAM policy of a collector");
    page.line("```json\n%s\n```".formatted(CollectorPolicy.of(types).collector().strip()));
    return page.text.toString();
  }

  private void line(String paragraph) {
    text.append('\n').append(paragraph).append('\n');
  }

  private void table(ResourceType type) {
    line("## " + type.table());
    line(
        "%s In Datadog's SQL it is `%s`. Its key is %s; people know a row by `%s`."
            .formatted(type.summary(), type.ddsqlTable(), names(type.key()), type.displayName()));
    if (!type.terminal().values().isEmpty()) {
      line(
          "Once `%s` is %s, a row never changes again."
              .formatted(type.terminal().column(), alternatives(type.terminal().values())));
    }
    List<String> rows = new ArrayList<>();
    rows.add("| column | type | provider name | what it means |\n|---|---|---|---|");
    type.columns().forEach(column -> row(column, "", rows));
    line(String.join("\n", rows));
    if (!type.leftOut().isEmpty()) {
      line(
          "The provider's document also has %s, for which there is no column."
              .formatted(names(type.leftOut())));
    }
    relations(type);
    collecting(type);
    examples(type);
  }

  private static void row(Column column, String parent, List<String> rows) {
    String path = parent + column.name();
    rows.add(
        "| `%s` | %s | %s | %s |"
            .formatted(
                path,
                column.documentedType(),
                column.origin() instanceof Origin.Member(String name) ? "`" + name + "`" : "",
                cell(meaning(column))));
    if (column instanceof Column.Struct struct) {
      struct.fields().forEach(field -> row(field, path + ".", rows));
    }
  }

  private static String meaning(Column column) {
    if (!(column instanceof Column.Leaf leaf)) {
      return column.description();
    }
    String values =
        leaf.values().stream()
            .map(
                value ->
                    value.description().isEmpty()
                        ? "`%s`".formatted(value.value())
                        : "`%s`: %s".formatted(value.value(), value.description()))
            .collect(Collectors.joining("<br>"));
    List<String> marks = new ArrayList<>();
    if (leaf.is(Mark.INDEXED)) {
      marks.add("indexed");
    }
    if (leaf.is(Mark.FACET)) {
      marks.add("facet");
    }
    if (leaf.is(Mark.SENSITIVE)) {
      marks.add("sensitive");
    }
    return Stream.of(
            leaf.description(), values, marks.isEmpty() ? "" : "*" + String.join(", ", marks) + "*")
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("<br>"));
  }

  private static String cell(String text) {
    return text.strip().replace("|", "\\|").replace("\n", " ");
  }

  private void relations(ResourceType type) {
    if (!type.relations().isEmpty()) {
      line(
          "Relations: %s."
              .formatted(
                  type.relations().stream()
                      .map(relation -> "`%s` to `%s`".formatted(relation.column(), relation.to()))
                      .collect(Collectors.joining(", "))));
    }
  }

  private void collecting(ResourceType type) {
    CollectPlan plan = type.collect();
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "Collected by `%s` of the service `%s`%s."
            .formatted(
                plan.list().operation(),
                plan.service(),
                plan.list()
                    .paging()
                    .map(paging -> ", %d a page".formatted(paging.size()))
                    .orElse(", in one answer")));
    plan.incremental()
        .ifPresent(
            how ->
                sentences.add(
                    "A sync lists what is new by `%s`, with an overlap of %s, and everything every %s."
                        .formatted(how.column(), words(how.overlap()), words(how.fullEvery()))));
    plan.get()
        .ifPresent(
            lookup ->
                sentences.add(
                    "`%s` is asked %s."
                        .formatted(
                            lookup.call().operation(),
                            lookup.forEach()
                                ? "for each, because the list tells less"
                                : "for one that has to be looked at again")));
    plan.tags()
        .ifPresent(
            tags ->
                sentences.add(
                    "Tags come by `%s`%s."
                        .formatted(
                            tags.call().operation(),
                            switch (tags.until()) {
                              case ALWAYS -> "";
                              case UNTIL_TERMINAL ->
                                  " until a row comes to rest, and are kept after";
                            })));
    plan.events()
        .ifPresent(
            events ->
                sentences.add(
                    "The event `%s` of `%s` has a row looked at again at once."
                        .formatted(events.detailType(), events.source())));
    if (!plan.list().filters().isEmpty()) {
      sentences.add(
          "The provider itself can filter by %s."
              .formatted(
                  names(
                      plan.list().filters().stream()
                          .map(CollectPlan.Filter::column)
                          .distinct()
                          .toList())));
    }
    sentences.add("A collector needs %s.".formatted(names(plan.permissions())));
    line(String.join(" ", sentences));
  }

  private static String words(Duration duration) {
    return Optional.of(duration.toDays())
        .filter(days -> days > 0)
        .map("%d days"::formatted)
        .orElseGet(() -> "%d minutes".formatted(duration.toMinutes()));
  }

  private void examples(ResourceType type) {
    for (ResourceType.Example example : type.examples()) {
      line(example.title() + ":");
      line("```sql\n%s\n```".formatted(example.sql().strip()));
    }
  }

  private static String names(List<String> names) {
    return names.stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
  }

  private static String alternatives(List<String> values) {
    return values.stream().map("`%s`"::formatted).collect(Collectors.joining(" or "));
  }
}
