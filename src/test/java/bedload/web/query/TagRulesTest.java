package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static bedload.web.query.QueryDoor.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.Catalog;
import bedload.catalog.ResourceTypes;
import bedload.catalog.TagRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules for tags are rows, with a score, and so are the resources that break them. */
class TagRulesTest {
  private static final QueryDoor DOOR = new QueryDoor();
  private static final String TABLE = "aws_bedrock_model_invocation_job";

  @BeforeAll
  static void fill() {
    DOOR.job(MINE, "good", "Completed", Map.of("team", "ml", "cost", "1"), 1);
    DOOR.job(MINE, "wrong", "Completed", Map.of("team", "unknown", "cost", "2"), 1);
    DOOR.job(MINE, "bare", "Completed", Map.of("teammate", "ml"), 1);
    DOOR.job(MINE, "untold", "Completed", null, 1);
    DOOR.job(THEIRS, "theirs", "Completed", Map.of(), 1);
    DOOR.catalog.ruleTags(
        List.of(new TagRule("team", List.of("ml", "search")), new TagRule("cost", List.of())));
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  @Test
  void aRuleHasItsScore() {
    assertThat(
            texts(
                "select concat_ws(' ', rule, allowed, resources, offenders, score) as text from catalog.tag_rules where table_name = '%s'"
                    .formatted(TABLE)))
        .containsExactly("team {ml,search} 3 2 33.3", "cost {} 3 1 66.7");
  }

  @Test
  void whatBreaksARuleIsNamedWithWhatItHas() {
    assertThat(
            texts(
                "select concat_ws(' ', rule, display_name, found) as text from catalog.tag_offenders where table_name = '%s' order by 1"
                    .formatted(TABLE)))
        .containsExactly("cost bare", "team bare", "team wrong {unknown}");
  }

  @Test
  void rulesAreReplacedAndTheViewsOutliveANewStart() {
    List<TagRule> rules = List.of(new TagRule("owner", List.of()));
    QueryDoor fresh = new QueryDoor();
    try (fresh) {
      fresh.catalog.ruleTags(List.of(new TagRule("team", List.of())));
      Catalog.open(fresh.database.jdbi(), ResourceTypes.builtIn()).ruleTags(rules);

      assertThat(
              fresh
                  .ask("select distinct rule, score from catalog.tag_rules")
                  .get("rows")
                  .toString())
          .isEqualTo("[{\"rule\":\"owner\",\"score\":null}]");
    }
  }

  private static List<String> texts(String sql) {
    return DOOR.ask(sql).get("rows").valueStream().map(row -> row.get("text").asString()).toList();
  }
}
