package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static bedload.web.query.QueryDoor.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.TestReaders;
import bedload.wire.RawHttp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Questions that want more than an answer: each is refused, or answered without any harm. */
class HostileQuestionsTest {
  private static final QueryDoor DOOR = new QueryDoor();
  private static final String SECRET = "theirs-alone";
  private static String before = "";

  @BeforeAll
  static void fill() {
    DOOR.job(MINE, "mine", "Completed", Map.of(), 1);
    DOOR.job(THEIRS, SECRET, "Completed", Map.of(), 1);
    before = state();
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  static List<String> hostile() throws IOException {
    return lines("hostile.txt");
  }

  static List<String> heavy() throws IOException {
    return lines("hostile_heavy.txt");
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = HostileQuestionsTest.class.getResourceAsStream(file)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void listIsLongEnough() throws IOException {
    assertThat(hostile()).hasSizeGreaterThanOrEqualTo(150).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileQuestionDoesNoHarm(String sql) {
    RawHttp.Reply reply =
        DOOR.post("mine", "/v1/query", Map.of("sql", TestReaders.withRoles(DOOR.database, sql)));

    assertThat(reply.status()).as(reply.text()).isIn(200, 400);
    assertThat(reply.text()).doesNotContain(SECRET, "root:x:", "SCRAM-SHA");
    assertThat(state()).isEqualTo(before);
    // Whoever comes next on the same connections finds them as they should be.
    assertThat(
            DOOR.ask(
                    """
                    select current_setting('statement_timeout') as t, current_setting('work_mem') as m,
                           current_user::text as u, current_setting('transaction_read_only') as r,
                           (select string_agg(job_name, ',') from aws_bedrock_model_invocation_job) as j
                    """)
                .at("/rows/0")
                .toString())
        .isEqualTo(
            TestReaders.withRoles(
                DOOR.database,
                "{\"t\":\"30s\",\"m\":\"16MB\",\"u\":\"acct_000000000000\",\"r\":\"on\",\"j\":\"mine\"}"));
  }

  @Test
  void hostileQuestionOfAnAgentDoesNoHarm() throws IOException {
    for (String sql : hostile()) {
      RawHttp.Reply reply =
          DOOR.tool("mine", "query", Map.of("sql", TestReaders.withRoles(DOOR.database, sql)));
      assertThat(reply.status()).as(sql).isEqualTo(200);
      assertThat(reply.text()).as(sql).doesNotContain(SECRET, "root:x:", "SCRAM-SHA");
    }
    assertThat(state()).isEqualTo(before);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("heavy")
  void heavyQuestionEnds(String sql) {
    hostileQuestionDoesNoHarm(sql);
  }

  static List<String> login() throws IOException {
    return lines("hostile_login.txt");
  }

  /** Whoever has a connection may send several statements at once and any setting of its own. */
  @ParameterizedTest
  @MethodSource("login")
  void hostileLoginDoesNoHarm(String sql) throws SQLException {
    String role = TestReaders.role(DOOR.database, MINE);
    StringBuilder told = new StringBuilder();
    try (Connection connection =
            DriverManager.getConnection(DOOR.database.address().jdbcUrl(), role, "secret");
        Statement statement = connection.createStatement()) {
      try {
        boolean hasRows = statement.execute(TestReaders.withRoles(DOOR.database, sql));
        while (hasRows || statement.getUpdateCount() >= 0) {
          told.append(hasRows ? rows(statement.getResultSet()) : "");
          hasRows = statement.getMoreResults();
        }
      } catch (SQLException e) {
        told.append(e.getMessage());
      }
    }
    assertThat(told.toString()).doesNotContain(SECRET, "root:x:", "SCRAM-SHA");
    assertThat(state()).isEqualTo(before);
    // The same login still works, and begins as it should.
    try (Connection connection =
            DriverManager.getConnection(DOOR.database.address().jdbcUrl(), role, "secret");
        Statement statement = connection.createStatement()) {
      assertThat(
              rows(
                  statement.executeQuery(
                      "select job_name, current_setting('statement_timeout') from aws_bedrock_model_invocation_job")))
          .isEqualTo("mine|30s|\n");
    }
  }

  @Test
  void whatALoginChangesOfItsRoleBoundsNoQuestionLess() throws SQLException {
    String role = TestReaders.role(DOOR.database, THEIRS);
    try (Connection connection =
            DriverManager.getConnection(DOOR.database.address().jdbcUrl(), role, "secret");
        Statement statement = connection.createStatement()) {
      statement.execute("set default_transaction_read_only = off");
      statement.execute("alter role %s set statement_timeout = 0".formatted(role));
      statement.execute("alter role %s set work_mem = '9GB'".formatted(role));
    }
    RawHttp.Reply reply =
        DOOR.post(
            "theirs",
            "/v1/query",
            Map.of(
                "sql",
                "select current_setting('statement_timeout') as t, current_setting('work_mem') as m"));
    assertThat(reply.text()).contains("{\"t\":\"30s\",\"m\":\"16MB\"}");
  }

  private static String rows(ResultSet rows) throws SQLException {
    StringBuilder text = new StringBuilder();
    while (rows.next()) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        text.append(rows.getString(i)).append('|');
      }
      text.append('\n');
    }
    return text.toString();
  }

  /**
   * Returns what no question may change; roles and locks of other databases of the server left out.
   */
  private static String state() {
    return DOOR.database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select concat_ws(' ',
                                 (select md5(string_agg(t::text, '' order by job_arn))
                                    from catalog_store.aws_bedrock_model_invocation_job as t),
                                 (select md5(string_agg(t::text, '' order by job_arn, _revision))
                                    from catalog_store.aws_bedrock_model_invocation_job_history as t),
                                 (select count(*) from pg_class where relpersistence <> 't'),
                                 (select count(*) from pg_proc),
                                 (select count(*) from pg_largeobject_metadata),
                                 (select md5(string_agg(r.rolname || r.rolsuper || r.rolcreaterole, ','
                                                        order by r.rolname))
                                    from pg_roles as r, pg_database as d
                                   where d.datname = current_database()
                                     and r.rolname ~ ('^(acct_.*_' || d.oid || '$|catalog_)')),
                                 (select count(*) from pg_extension),
                                 (select count(*)
                                    from pg_locks as l
                                    join pg_database as d on d.oid = l.database
                                   where l.locktype = 'advisory' and d.datname = current_database()),
                                 (select count(*)
                                    from pg_prepared_xacts where database = current_database()))
                        """)
                    .mapTo(String.class)
                    .one());
  }
}
