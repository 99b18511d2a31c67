package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.catalog.SqlText;
import bedload.database.Database;
import bedload.database.DatabaseAddress;
import bedload.database.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Questions to a real PostgreSQL, and the three forms of an answer. */
class SqlAnswerTest {
  private static Database database;
  private static String url;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
    DatabaseAddress address = database.address();
    url = "%s?user=%s&password=%s".formatted(address.jdbcUrl(), address.user(), address.password());
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("create type place as (uri text, owner text)");
              handle.execute("create type config as (inner_place place, flags text[])");
            });
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void tableIsAlignedWithNumbersToTheRight() {
    assertThat(table("select * from (values ('a', 1.50), (null, 22)) as t (name, amount)", 80))
        .isEqualTo(
            """
            name  amount
            ----  ------
            a       1.50
                      22
            (2 rows)
            """);
  }

  @Test
  void rowWiderThanTheTerminalBecomesABlockWhoseStructsHaveLinesOfTheirOwn() {
    assertThat(
            table(
                "select 'x' as name, row(row('s3://b/k', null)::place, array['p','q'])::config as config",
                20))
        .isEqualTo(
            """
            --- row 1
            name                      x
            config.inner_place.uri    s3://b/k
            config.inner_place.owner
            config.flags              ["p","q"]
            (1 row)
            """);
  }

  @Test
  void jsonNestsStructsAndKeepsTheOrderOfColumns() {
    String json =
        write(
            AnswerFormat.JSON,
            "select 2 as z, row(row('u', 'o')::place, array[]::text[])::config as c, timestamptz '2026-01-02 03:04:05Z' as a");

    JsonNode row = JsonMapper.shared().readTree(json).get(0);
    assertThat(row.propertyNames()).containsExactly("z", "c", "a");
    assertThat(row.at("/c/inner_place/uri").asString()).isEqualTo("u");
    assertThat(row.at("/c/flags").isArray()).isTrue();
    assertThat(row.get("a").asString()).startsWith("2026-01-02T03:04:05");
  }

  @Test
  void jsonOfNoRowsIsAnEmptyArray() {
    assertThat(JsonMapper.shared().readTree(write(AnswerFormat.JSON, "select 1 where false")))
        .isEmpty();
  }

  @Test
  void csvQuotesAsRfc4180SaysAndTellsNullFromEmpty() {
    assertThat(
            write(
                AnswerFormat.CSV,
                "select * from (values (null, '', 'a,b', 'say \"hi\"', E'two\\nlines')) as t (n, e, c, q, l)"))
        .isEqualTo("n,e,c,q,l\r\n,\"\",\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n");
  }

  @Test
  void twoColumnsMayHaveOneName() {
    assertThat(write(AnswerFormat.CSV, "select 1 as a, 2 as a")).isEqualTo("a,a\r\n1,2\r\n");
  }

  @Test
  void operatorsWithAQuestionMarkArePostgresOwn() {
    assertThat(write(AnswerFormat.CSV, "select jsonb '{\"a\":1}' ? 'a' as has -- {fn now()}"))
        .isEqualTo("has\r\ntrue\r\n");
  }

  @Test
  void manyRowsAreReadInPartsAndAllArrive() {
    assertThat(write(AnswerFormat.CSV, "select generate_series(1, 12345)").lines()).hasSize(12346);
  }

  @Test
  void faultPointsAtThePlace() {
    CommandFault fault =
        catchThrowableOfType(
            CommandFault.class,
            () -> SqlAnswer.ask(url, SqlText.of("select 1,\n       nme\n  from pg_class")));

    assertThat(fault.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(fault.getMessage())
        .contains("column \"nme\" does not exist")
        .contains("\n         nme\n         ^");
  }

  @Test
  void faultInTheMiddleOfTheRowsIsSaid() {
    CommandFault fault =
        catchThrowableOfType(
            CommandFault.class,
            () -> write(AnswerFormat.CSV, "select 1 / (1000 - n) from generate_series(1, 2000) n"));

    assertThat(fault.getMessage()).contains("division by zero");
  }

  @Test
  void writingIsRefusedByTheReadOnlyTransactionEvenWhereTheRoleCould() {
    CommandFault fault =
        catchThrowableOfType(
            CommandFault.class,
            () -> write(AnswerFormat.CSV, "select setval('s', 1), lo_create(0)"));

    assertThat(fault.exitCode()).isEqualTo(ExitCode.NO);
  }

  private static String write(AnswerFormat format, String sql) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    try (SqlAnswer answer = SqlAnswer.ask(url, SqlText.of(sql))) {
      format.write(answer, out);
    }
    out.flush();
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private static String table(String sql, int width) {
    StringWriter text = new StringWriter();
    try (SqlAnswer answer = SqlAnswer.ask(url, SqlText.of(sql))) {
      new TableFormat(new PrintWriter(text), width).write(answer);
    }
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
