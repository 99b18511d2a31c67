package bedload.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "SELECT ';'",
        "select 'it''s; fine'",
        "select e'\\'; drop table x'",
        "select $$a; b$$",
        "select $tag$ $$ ; $tag$",
        "select \"a;b\" from t",
        "select 1 -- ; drop table x",
        "select /* ; /* nested ; */ ; */ 1",
        "-- first\nselect 1",
        "  ((select 1))",
        "with a as (select 1) select * from a",
        "values (1), (2)",
        "table aws_bedrock_model_invocation_job",
        "select a$b$c from t where d = 'x'"
      })
  void oneQuestionIsTaken(String text) {
    assertThat(SqlText.of(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"select 1;", "select 1 ; ; -- done", "select 1;\n/* end */"})
  void semicolonAtTheEndIsLeftOut(String text) {
    assertThat(SqlText.of(text).text().strip()).isEqualTo("select 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1; drop table job",
        "select 1;select 2",
        "select '\\'; drop table job",
        "select $a$ ; $b$ $a$; delete from job",
        "select 1 /* */; delete from job"
      })
  void secondStatementIsRefusedWithItsPlace(String text) {
    assertThatThrownBy(() -> SqlText.of(text))
        .isInstanceOf(QuestionFault.class)
        .hasMessageContaining("One statement at a time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "-- only a comment",
        "drop table job",
        "delete from job",
        "copy job to program 'x'",
        "set role x",
        "do $$ begin end $$",
        "explain analyze delete from job"
      })
  void whatIsNoQuestionIsRefused(String text) {
    assertThatThrownBy(() -> SqlText.of(text))
        .isInstanceOf(QuestionFault.class)
        .hasMessageContaining("select, with, values or table");
  }
}
