package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static bedload.web.query.QueryDoor.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.TestReaders;
import bedload.wire.RawHttp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
    try (InputStream in = HostileQuestionsTest.class.getResourceAsStream("hostile.txt")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void listIsLongEnough() throws IOException {
    assertThat(hostile()).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
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
