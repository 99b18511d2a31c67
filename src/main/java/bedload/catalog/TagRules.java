package bedload.catalog;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The rules that tags are held to, as rows, and the resources that break them: {@code
 * catalog.tag_rules} and {@code catalog.tag_offenders}. Computed when they are asked for, so that
 * they are as fresh as the tables.
 */
final class TagRules {
  private final Jdbi jdbi;
  private final List<ResourceType> types;

  TagRules(Jdbi jdbi, List<ResourceType> types) {
    this.jdbi = jdbi;
    this.types = List.copyOf(types);
  }

  private static final String RULES =
      """
      select key, allowed
        from catalog_store.tag_rule
       order by position
      """;

  private static final String FORGET = "delete from catalog_store.tag_rule";

  private static final String INSERT =
      """
      insert into catalog_store.tag_rule (position, key, allowed)
      values (:position, :key, :values)
      """;

  /** Puts these rules in the place of those that there were; no two are about one key. */
  void replace(List<TagRule> rules) {
    jdbi.useTransaction(
        handle -> {
          handle.execute("lock table catalog_store.tag_rule in exclusive mode");
          if (!there(handle).equals(rules)) {
            handle.execute(FORGET);
            for (int i = 0; i < rules.size(); i++) {
              handle
                  .createUpdate(INSERT)
                  .bind("position", i)
                  .bind("key", rules.get(i).key())
                  .bindArray("values", String.class, rules.get(i).values())
                  .execute();
            }
          }
        });
  }

  private static List<TagRule> there(Handle handle) {
    return handle
        .createQuery(RULES)
        .map(
            (row, context) ->
                new TagRule(
                    row.getString("key"), List.of((String[]) row.getArray("allowed").getArray())))
        .list();
  }

  private static final String DEFINITION =
      """
      select obj_description(to_regclass('catalog.tag_rules'), 'pg_class')
      """;

  /**
   * Makes the views over the tables that there are, unless they are there.
   *
   * @param readable whether there is a role of readers to grant them to
   */
  void show(boolean readable) {
    String description = "How well each rule for tags is kept, of " + String.join(", ", tables());
    jdbi.useTransaction(
        handle -> {
          handle.execute("lock table catalog_store.tag_rule in exclusive mode");
          Optional<String> there = handle.createQuery(DEFINITION).mapTo(String.class).findOne();
          if (there.isEmpty() || !there.get().equals(description)) {
            make(handle, description, readable);
          }
        });
  }

  private List<String> tables() {
    return types.stream().map(ResourceType::table).toList();
  }

  private void make(Handle handle, String description, boolean readable) {
    Ddl.run(handle, "drop view if exists catalog.tag_rules");
    Ddl.run(handle, "drop view if exists catalog.tag_offenders");
    Ddl.run(
        handle,
        "create view catalog.tag_offenders with (security_invoker = true) as\n"
            + types.stream().map(TagRules::offenders).collect(Collectors.joining("\nunion all\n")));
    Ddl.run(
        handle,
        """
      create view catalog.tag_rules with (security_invoker = true) as
      select rule.key as rule, rule.allowed, judged.table_name, judged.resources,
             coalesce(broken.offenders, 0) as offenders,
             case when judged.resources > 0
                  then round(100.0 * (judged.resources - coalesce(broken.offenders, 0))
                             / judged.resources, 1) end as score
        from catalog_store.tag_rule as rule
       cross join (%s) as judged
        left join (
             select rule, table_name, count(*) as offenders
               from catalog.tag_offenders
              group by rule, table_name) as broken
          on broken.rule = rule.key and broken.table_name = judged.table_name
       order by rule.position, judged.table_name
      """
            .formatted(
                types.stream().map(TagRules::counts).collect(Collectors.joining("\nunion all\n"))));
    ShownColumn.comments("catalog.tag_rules", description, RULE_COLUMNS)
        .forEach(statement -> Ddl.run(handle, statement));
    ShownColumn.comments(
            "catalog.tag_offenders",
            "The resources that break a rule for tags; what has unknown tags is not judged",
            OFFENDER_COLUMNS)
        .forEach(statement -> Ddl.run(handle, statement));
    if (readable) {
      Ddl.run(
          handle,
          "grant select on catalog_store.tag_rule, catalog.tag_rules, catalog.tag_offenders to "
              + Readers.GROUP);
    }
  }

  private static String offenders(ResourceType type) {
    return """
    select rule.key as rule, %1$s as table_name, concat_ws('/', %2$s) as resource_key,
           %3$s as display_name, %4$s as account_id, seen.found as found, rule.allowed as allowed
      from catalog_store.tag_rule as rule
     cross join %5$s as resource
     cross join lateral (
           select array_agg(substr(tag, length(rule.key) + 2) order by tag) as found
             from unnest(%6$s) as tag
            where starts_with(tag, rule.key || ':')) as seen
     where %6$s is not null
       and (seen.found is null
            or cardinality(rule.allowed) > 0 and not seen.found <@ rule.allowed)\
    """
        .formatted(
            Sql.literal(type.table()),
            type.keyColumns().stream()
                .map(column -> "resource." + Sql.name(column.name()))
                .collect(Collectors.joining(", ")),
            "resource." + Sql.name(type.displayColumn().name()),
            "resource." + Sql.name(type.columnFrom(Origin.Account.class).name()),
            new StoreTable(type).current(),
            tags(type));
  }

  private static String counts(ResourceType type) {
    return "select %s as table_name, count(*) as resources from %s as resource where %s is not null"
        .formatted(Sql.literal(type.table()), new StoreTable(type).current(), tags(type));
  }

  private static String tags(ResourceType type) {
    return "resource." + Sql.name(type.columnFrom(Origin.Tags.class).name());
  }

  private static final List<ShownColumn> RULE_COLUMNS =
      List.of(
          new ShownColumn("", "rule", "The key that every resource must have."),
          new ShownColumn("", "allowed", "The values that it may have. Empty for any."),
          new ShownColumn("", "table_name", "The table whose resources are judged."),
          new ShownColumn("", "resources", "How many there are whose tags are known."),
          new ShownColumn("", "offenders", "How many of them break the rule."),
          new ShownColumn(
              "", "score", "Of a hundred resources, how many keep it. Null if there are none."));

  private static final List<ShownColumn> OFFENDER_COLUMNS =
      List.of(
          new ShownColumn("", "rule", "The key that every resource must have."),
          new ShownColumn("", "table_name", "The table that has the resource."),
          new ShownColumn("", "resource_key", "The resource, by its key."),
          new ShownColumn("", "display_name", "The name by which people know it."),
          new ShownColumn("", "account_id", "The account that owns it."),
          new ShownColumn("", "found", "The values that it has. Null if it lacks the key."),
          new ShownColumn("", "allowed", "The values that it may have. Empty for any."));
}
