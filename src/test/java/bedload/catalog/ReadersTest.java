package bedload.catalog;

import static bedload.catalog.SampleJobs.ACCOUNT;
import static bedload.catalog.SampleJobs.OTHER_ACCOUNT;
import static bedload.catalog.SampleJobs.document;
import static bedload.catalog.SampleJobs.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.database.Database;
import bedload.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader sees its own account's rows, and can do nothing else. */
class ReadersTest {
  private static final String PASSWORD = "it's a 'secret' \\ one";
  private static final Database DATABASE = TestDatabase.create();

  @BeforeAll
  static void fill() {
    Catalog catalog = Catalog.open(DATABASE.jdbi(), ResourceTypes.builtIn());
    catalog.record(observation(document(ACCOUNT, "mine", "Completed"), 1));
    catalog.record(observation(document(OTHER_ACCOUNT, "theirs", "Failed"), 1));
    assertThat(catalog.admit(ACCOUNT, PASSWORD))
        .isEqualTo(new Admission.Admitted(TestReaders.role(DATABASE, ACCOUNT)));
    assertThat(catalog.admit(OTHER_ACCOUNT, "other"))
        .isEqualTo(new Admission.Admitted(TestReaders.role(DATABASE, OTHER_ACCOUNT)));
    DATABASE.jdbi().useHandle(handle -> handle.execute("create table public.private (x int)"));
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void readerSeesTheRowsOfItsOwnAccountOnly() throws SQLException {
    String names = "select job_name from aws_bedrock_model_invocation_job";
    assertThat(as(ACCOUNT, PASSWORD, names)).containsExactly("nightly-mine");
    assertThat(as(OTHER_ACCOUNT, "other", names)).containsExactly("nightly-theirs");
  }

  @Test
  void wrongPasswordAndAnotherRolesPasswordAreRefused() {
    assertThatThrownBy(() -> as(ACCOUNT, "other", "select 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("authentication failed");
  }

  @Test
  void passwordIsReplacedAtTheNextAdmission() throws SQLException {
    Catalog catalog = Catalog.open(DATABASE.jdbi(), ResourceTypes.builtIn());
    catalog.admit("222222222222", "first");
    catalog.admit("222222222222", "second");

    assertThat(
            as("222222222222", "second", "select count(*) from aws_bedrock_model_invocation_job"))
        .containsExactly("0");
    assertThatThrownBy(() -> as("222222222222", "first", "select 1"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void fieldsOfStructsAreReachedByBothSpellings() throws SQLException {
    assertThat(
            as(
                ACCOUNT,
                PASSWORD,
                """
                select job_name
                  from aws_bedrock_model_invocation_job
                 where (input_data_config).s3_input_data_config.s3_uri = 's3://in/mine.jsonl'
                   and json_extract_path_text(output_data_config, 's3_output_data_config', 's3_uri')
                       = 's3://out/mine/'
                   and json_extract_path_text('{"a": {"b": "c"}}', 'a', 'b') = 'c'
                   and json_extract_path_text(vpc_config, 'subnet_ids') is null
                """))
        .containsExactly("nightly-mine");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void exampleOfTheSchemaFileRuns(ResourceType.Example example) throws SQLException {
    assertThat(as(ACCOUNT, PASSWORD, example.sql())).isNotNull();
  }

  static List<ResourceType.Example> examples() {
    return ResourceTypes.builtIn().stream().flatMap(type -> type.examples().stream()).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from aws_bedrock_model_invocation_job",
        "update catalog_store.aws_bedrock_model_invocation_job set message = 'x'",
        "select * from catalog_store.aws_bedrock_model_invocation_job",
        "select * from catalog_store.aws_bedrock_model_invocation_job_history",
        "select * from catalog_store.documented_column",
        "select set_config('work_mem', '9GB', false)",
        "select * from ledger.job",
        "select * from public.private",
        "create table mine (x int)",
        "create table public.mine (x int)",
        "create temp table mine (x int)",
        "create schema mine",
        "create function f() returns int language sql as 'select 1'",
        "create extension citext",
        "select pg_read_file('/etc/passwd')",
        "select pg_ls_dir('/')",
        "copy (select 1) to program 'id'",
        "copy (select 1) to '/tmp/x'",
        "select lo_import('/etc/passwd')",
        "select lo_from_bytea(0, 'x')",
        "select rolpassword from pg_authid",
        "set session authorization acct_999999999999",
        "set role acct_999999999999",
        "alter role acct_000000000000 createrole",
        "alter table aws_bedrock_model_invocation_job owner to acct_000000000000",
        "alter system set fsync = off",
        "select pg_advisory_lock(1)",
        "select pg_notify('a', 'b')",
        "select pg_sleep(60)",
        "select pg_logical_emit_message(false, 'a', 'b')",
        "begin; lock table aws_bedrock_model_invocation_job in exclusive mode",
        "truncate catalog_store.aws_bedrock_model_invocation_job",
        "vacuum full catalog_store.aws_bedrock_model_invocation_job",
        "do $$ begin perform pg_read_file('/etc/passwd'); end $$",
        "set session_replication_role = replica",
      })
  void hostileTextIsRefusedByPrivilegesAlone(String hostile) throws SQLException {
    try (Connection connection = login(ACCOUNT, PASSWORD);
        Statement statement = connection.createStatement()) {
      // That a session begins read-only is a courtesy: its owner can end it.
      statement.execute("set default_transaction_read_only = off");
      statement.execute("set statement_timeout = '5s'");
      assertThatThrownBy(() -> statement.execute(TestReaders.withRoles(DATABASE, hostile)))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("42501");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grant select on aws_bedrock_model_invocation_job to public",
        "grant acct_000000000000 to acct_999999999999",
        "set role catalog_reader",
        "set row_security = on",
        "set search_path = catalog_store, catalog",
        "select set_config('session_user', 'acct_999999999999', false)",
        "select set_config('role', 'catalog_reader', false)",
        "reset all",
        "discard all",
      })
  void whatAReaderMayTryShowsNoOtherRows(String attempt) throws SQLException {
    try (Connection connection = login(ACCOUNT, PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute("set default_transaction_read_only = off");
      try {
        statement.execute(TestReaders.withRoles(DATABASE, attempt));
      } catch (SQLException e) {
        // Refused is as good as without effect.
        assertThat(e.getSQLState()).isIn("42501", "42602", "42704", "25001");
      }
      assertThat(texts(statement, "select job_name from catalog.aws_bedrock_model_invocation_job"))
          .containsExactly("nightly-mine");
    }
  }

  @Test
  void rowSecurityThatIsSwitchedOffFailsInsteadOfShowingAll() throws SQLException {
    try (Connection connection = login(ACCOUNT, PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute("set row_security = off");
      assertThatThrownBy(
              () -> statement.executeQuery("select * from aws_bedrock_model_invocation_job"))
          .hasMessageContaining("row-level security");
    }
  }

  /** A condition with side effects must not see a row before the fence has judged it. */
  @Test
  void conditionThatTellsWhatItSeesIsEvaluatedBehindTheFence() throws SQLException {
    assertThat(
            as(
                ACCOUNT,
                PASSWORD,
                """
                select job_name
                  from aws_bedrock_model_invocation_job
                 where 1 / (case when account_id = '999999999999' then 0 else 1 end) = 1
                """))
        .containsExactly("nightly-mine");
  }

  @Test
  void sessionBeginsBoundedAndReadOnlyInUtc() throws SQLException {
    assertThat(as(ACCOUNT, PASSWORD, "show default_transaction_read_only")).containsExactly("on");
    assertThat(as(ACCOUNT, PASSWORD, "show statement_timeout")).containsExactly("30s");
    assertThat(as(ACCOUNT, PASSWORD, "show temp_file_limit")).containsExactly("256MB");
    assertThat(as(ACCOUNT, PASSWORD, "show search_path")).containsExactly("catalog, public");
    assertThat(
            as(
                ACCOUNT,
                PASSWORD,
                "select setconfig::text from pg_db_role_setting where setrole = session_user::regrole"))
        .singleElement()
        .asString()
        .contains("TimeZone=UTC");
  }

  @Test
  void endlessQueryMeetsTheTimeoutAndABigSortItsLimit() throws SQLException {
    try (Connection connection = login(ACCOUNT, PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute("set statement_timeout = '200ms'");
      assertThatThrownBy(
              () ->
                  statement.executeQuery(
                      "select count(*) from generate_series(1, 1e9::int) a, generate_series(1, 1e9::int) b"))
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("57014");
      assertThatThrownBy(() -> statement.execute("set temp_file_limit = -1"))
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("42501");
    }
  }

  @Test
  void structFieldsAndTagsAreFoundByIndexBehindTheFence() throws SQLException {
    try (Database database = TestDatabase.create()) {
      Catalog catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());
      catalog.admit(ACCOUNT, PASSWORD);
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute(
                    """
                    insert into catalog_store.aws_bedrock_model_invocation_job (
                           job_arn, account_id, input_data_config__s3_input_data_config__s3_uri, tags,
                           _region, _revision, _version, _observed_at, _first_seen_at, _valid_from)
                    select 'arn' || n, '000000000000', 's3://in/' || n, array['n:' || n],
                           'r', 1, 1, now(), now(), now()
                      from generate_series(1, 20000) as n
                    """);
                handle.execute("analyze catalog_store.aws_bedrock_model_invocation_job");
              });
      try (Connection connection =
              DriverManager.getConnection(
                  database.address().jdbcUrl(), TestReaders.role(database, ACCOUNT), PASSWORD);
          Statement statement = connection.createStatement()) {
        String explain = "explain select job_name from aws_bedrock_model_invocation_job where ";
        assertThat(
                String.join(
                    "\n",
                    texts(
                        statement,
                        explain
                            + "(input_data_config).s3_input_data_config.s3_uri = 's3://in/77'")))
            .contains("Index Scan using aws_bedrock_model_invocation_job__input_data_config__");
        assertThat(String.join("\n", texts(statement, explain + "tags @> array['n:77']")))
            .contains("Bitmap Index Scan on aws_bedrock_model_invocation_job__tags");
      }
    }
  }

  @Test
  void manyNodesAndDatabasesOfOneServerMakeTheirRolesAtOnceAndShareNone() throws Exception {
    List<Database> databases = new ArrayList<>();
    List<Future<Admission>> admissions = new ArrayList<>();
    List<Admission> expected = new ArrayList<>();
    try (ExecutorService nodes = Executors.newFixedThreadPool(6)) {
      for (int i = 0; i < 3; i++) {
        databases.add(TestDatabase.create());
      }
      for (Database database : databases) {
        for (int node = 0; node < 2; node++) {
          expected.add(new Admission.Admitted(TestReaders.role(database, "333333333333")));
          admissions.add(
              nodes.submit(
                  () ->
                      Catalog.open(database.jdbi(), ResourceTypes.builtIn())
                          .admit("333333333333", "same")));
        }
      }
    }
    List<Admission> given = new ArrayList<>();
    for (Future<Admission> admission : admissions) {
      given.add(admission.get());
    }
    assertThat(given).isEqualTo(expected);
    assertThat(Set.copyOf(given)).hasSize(3);
    databases.forEach(Database::close);
  }

  @Test
  void readerSeesAlsoTheAccountsThatTheOperatorGivesItUntilTheyAreTakenAway() throws SQLException {
    Catalog catalog = Catalog.open(DATABASE.jdbi(), ResourceTypes.builtIn());
    String names = "select job_name from aws_bedrock_model_invocation_job order by 1";
    Set<String> three = Set.of("666666666666", ACCOUNT, OTHER_ACCOUNT);
    catalog.admit("666666666666", Right.of(three, three), "six");
    assertThat(as("666666666666", "six", names)).containsExactly("nightly-mine", "nightly-theirs");

    Set<String> two = Set.of("666666666666", OTHER_ACCOUNT);
    catalog.admit("666666666666", Right.of(two, two), "six");
    assertThat(as("666666666666", "six", names)).containsExactly("nightly-theirs");
    assertThat(
            as(
                "666666666666",
                "six",
                "select job_name from aws_bedrock_model_invocation_job_history"))
        .containsExactly("nightly-theirs");
  }

  @Test
  void accountsMaskedRoleSeesTheSameRowsAndNoMessage() throws SQLException {
    Catalog catalog = Catalog.open(DATABASE.jdbi(), ResourceTypes.builtIn());
    String account = "777777777777";
    Map<String, Object> failed = document(account, "failed", "Failed");
    failed.put("message", "Line 1 is 'hush'");
    catalog.record(observation(failed, 1));
    Right right = Right.of(Set.of(account), Set.of(account));
    catalog.admit(account, right, "full");
    catalog.admit(account, right.masked(), "less");
    // Admitted again, as at every start: neither takes the other's rows away.
    catalog.admit(account, right, "full");

    String messages = "select job_name || ': ' || message from aws_bedrock_model_invocation_job";
    assertThat(as(account, "full", messages)).containsExactly("nightly-failed: Line 1 is 'hush'");
    assertThat(as(account, "_masked", "less", messages))
        .containsExactly("nightly-failed: (masked)");
    assertThat(
            as(
                account,
                "_masked",
                "less",
                """
                select message
                  from aws_bedrock_model_invocation_job_history
                 where message like '%hush%'
                    or message <> '(masked)'
                """))
        .isEmpty();
  }

  @Test
  void userWithoutTheRightToMakeRolesKeepsEverythingButSqlForUsers() {
    try (Database own = databaseOf("plain_user", "")) {
      Catalog catalog = Catalog.open(own.jdbi(), ResourceTypes.builtIn());

      assertThat(catalog.record(observation(document(ACCOUNT, "mine", "Completed"), 1)))
          .isEqualTo(Recorded.NEW);
      assertThat(catalog.admit("444444444444", "secret"))
          .isInstanceOfSatisfying(
              Admission.Closed.class,
              closed ->
                  assertThat(closed.reason())
                      .contains("plain_user may not create roles")
                      .contains("alter role plain_user createrole"));
    }
  }

  @Test
  void userWithTheRightToMakeRolesNeedNotBeSuperuser() throws SQLException {
    try (Database own = databaseOf("role_maker", "createrole")) {
      DATABASE
          .jdbi()
          .useHandle(
              handle -> handle.execute("grant catalog_reader to role_maker with admin option"));
      Catalog catalog = Catalog.open(own.jdbi(), ResourceTypes.builtIn());
      catalog.record(observation(document("555555555555", "mine", "Completed"), 1));
      catalog.record(observation(document(OTHER_ACCOUNT, "theirs", "Completed"), 1));

      assertThat(catalog.admit("555555555555", "secret"))
          .isEqualTo(new Admission.Admitted(TestReaders.role(own, "555555555555")));
      try (Connection connection =
              DriverManager.getConnection(
                  own.address().jdbcUrl(), TestReaders.role(own, "555555555555"), "secret");
          Statement statement = connection.createStatement()) {
        assertThat(texts(statement, "select job_name from aws_bedrock_model_invocation_job"))
            .containsExactly("nightly-mine");
        statement.execute("set default_transaction_read_only = off");
        assertThatThrownBy(() -> statement.execute("create temp table mine (x int)"))
            .hasMessageContaining("permission denied");
      }
    }
  }

  private static Database databaseOf(String user, String rights) {
    DATABASE
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("create role %s login %s password 'pw'".formatted(user, rights));
              handle.execute("create database of_%1$s owner %1$s".formatted(user));
            });
    return Database.open(DATABASE.address().as(user, "pw").at("of_" + user));
  }

  private static List<String> as(String account, String password, String sql) throws SQLException {
    return as(account, "", password, sql);
  }

  private static List<String> as(String account, String roleEnding, String password, String sql)
      throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                DATABASE.address().jdbcUrl(),
                TestReaders.role(DATABASE, account) + roleEnding,
                password);
        Statement statement = connection.createStatement()) {
      return texts(statement, sql);
    }
  }

  private static Connection login(String account, String password) throws SQLException {
    return DriverManager.getConnection(
        DATABASE.address().jdbcUrl(), TestReaders.role(DATABASE, account), password);
  }

  private static List<String> texts(Statement statement, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(String.valueOf(rows.getString(1)));
      }
    }
    return texts;
  }
}
