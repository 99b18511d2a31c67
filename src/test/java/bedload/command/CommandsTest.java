package bedload.command;

import static bedload.command.ServedCommands.run;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.ExitCode;
import bedload.command.ServedCommands.Outcome;
import bedload.database.DatabaseAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands as a user types them, against a whole service. */
class CommandsTest {
  private static ServedCommands service;

  @BeforeAll
  static void start() throws IOException {
    service = ServedCommands.start();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void demosStoryEndsWellOnARunningService() throws Exception {
    StringWriter told = new StringWriter();
    DemoStory story = new DemoStory(new PrintWriter(told), service.wiring().service(), 120);

    ExitCode outcome = story.run();

    assertThat(outcome).as(told.toString()).isEqualTo(ExitCode.OK);
    assertThat(told.toString())
        .contains("Completed")
        .contains("Every one of 120 records has exactly one output line; 0 of them tell an error.")
        .contains("\"totalRecordCount\":120");
    assertThat(service.runHere("sql", "select status from aws_bedrock_model_invocation_job").out())
        .contains("Completed");
  }

  @Test
  void envExportsEndpointsKeysAndRegion() {
    Outcome env = service.runHere("env");

    assertThat(env.exitCode()).isZero();
    assertThat(env.out())
        .contains("export AWS_ENDPOINT_URL_BEDROCK='" + service.wiring().service().api() + "'")
        .contains("export AWS_ENDPOINT_URL_S3='" + service.wiring().service().s3() + "'")
        .containsPattern("export AWS_ACCESS_KEY_ID='BDLD[A-Z0-9]{16}'")
        .containsPattern("export AWS_SECRET_ACCESS_KEY='[A-Za-z0-9]{40}'")
        .contains("export AWS_REGION='us-east-1'");
  }

  @Test
  void psqlUrlEntersAsTheAccountsRoleThatMayOnlyRead() {
    Outcome url = service.runHere("psql-url");

    DatabaseAddress address = DatabaseAddress.parse(url.out().strip());
    assertThat(address.user()).matches("acct_000000000000_[0-9]+");
    assertThat(service.runHere("psql-url", "--jdbc").out()).isEqualTo("jdbc:" + url.out());
    assertThat(service.runHere("sql", "select session_user as me").out())
        .contains("acct_000000000000");
    assertThat(DatabaseAddress.parse(service.runHere("psql-url", "--masked").out().strip()).user())
        .isEqualTo(address.user() + "_masked");
    assertThat(service.runHere("sql", "--masked", "select session_user as me").out())
        .contains(address.user() + "_masked");
  }

  @Test
  void sqlRefusesWithStatusOneAndOneSentence() {
    Outcome two = service.runHere("sql", "select 1; select 2");
    assertThat(two.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(two.err()).startsWith("bedload: One statement at a time").doesNotContain("\tat ");

    Outcome forbidden = service.runHere("sql", "select pg_read_file('/etc/passwd')");
    assertThat(forbidden.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(forbidden.err()).contains("permission denied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"env", "psql-url"})
  void withoutAServiceTheCommandSaysHowToStartOne(String command) throws IOException {
    Path empty = Files.createTempDirectory("bedload-no-service-");
    Outcome outcome = run(command, "--data", empty.toString());

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNAVAILABLE.number());
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("bedload serve --data " + empty);
  }

  @Test
  void portInUseIsSaidAndNothingIsLeftRunning() throws IOException {
    Path other = TemporaryFolder.create("bedload-port-in-use-");
    String taken = service.wiring().service().api().replace("http://", "");

    Outcome outcome =
        run("serve", "--data", other.toString(), "--listen", taken, "--s3-listen", "127.0.0.1:0");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNAVAILABLE.number());
    assertThat(outcome.err()).contains("Cannot listen at " + taken).doesNotContain("\tat ");
    assertThat(run("env", "--data", other.toString()).err()).contains("No bedload runs");
    TemporaryFolder.remove(other);
  }

  @Test
  void validateTellsEveryBadLine() throws IOException {
    Path file = Files.createTempFile("bedload-validate-", ".jsonl");
    Files.writeString(file, "{\"modelInput\":{}}\n[1]\n{\"recordId\":\"x\"}\n");

    Outcome bad = run("validate", file.toString());
    Files.writeString(file, "{\"modelInput\":{}}\n");
    Outcome good = run("validate", file.toString());

    assertThat(bad.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(bad.out()).contains("line 2, column 1").contains("line 3,").contains("2 bad lines");
    assertThat(good.exitCode()).isZero();
    assertThat(run("validate", "/no/such/file").err())
        .isEqualTo("bedload: There is no file /no/such/file.\n");
    assertThat(run("validate", "no-such-file").err())
        .contains("no file no-such-file in " + Path.of("").toAbsolutePath());
    assertThat(run("validate", service.data().toString()).err()).contains("is a folder");
    assertThat(good.out()).contains(": 1 record, 0 bad lines, 18 bytes");
    Files.delete(file);
  }

  /** What a page promises to programs, and what a command writes, must be the same names. */
  @Test
  void answersInJsonHaveTheMembersThatThePageTellsOf() throws IOException {
    Path file = Files.createTempFile("bedload-json-", ".jsonl");
    Files.writeString(file, "{\"modelInput\":{\"inputText\":\"well\"}}\n[1]\n");
    assertMembers("validate", run("validate", file.toString(), "--json").json());
    Files.writeString(
        file, "{\"modelInput\":{\"inputText\":\"well\"}}\n{\"modelInput\":{\"no\":1}}\n");
    assertMembers(
        "estimate",
        run("estimate", file.toString(), "--model", "amazon.titan-embed-text-v2:0", "--json")
            .json());
    Outcome models = run("models", "--model", "meta.*=http://127.0.0.1:1/v1#m", "--json");
    assertMembers("models", models.json());
    assertMembers("env", service.runHere("env", "--json").json());
    Files.delete(file);
  }

  private static void assertMembers(String command, JsonNode answer) throws IOException {
    String page = Files.readString(Path.of("docs/commands.md"));
    String from = page.substring(page.indexOf("\n`bedload " + command + " --json`"));
    String example = from.substring(from.indexOf("```json") + 7);
    JsonNode documented =
        JsonMapper.shared().readTree(example.substring(0, example.indexOf("```")));
    assertThat(answer.propertyNames()).as(command).isNotEmpty();
    assertThat(documented.propertyNames()).as(command).containsAll(answer.propertyNames());
  }

  @Test
  void whatIsNoCommandIsSaidSoWithThoseThereAre() {
    Outcome outcome = run("jbos");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(outcome.err())
        .contains("'jbos' is not a command of bedload; there are demo, serve, run, jobs, job,");
    assertThat(run("bench", "fed").err()).contains("'fed' is not a command of bedload bench");
    assertThat(run("validate", "a", "b").err()).contains("'b'").doesNotContain("command");
  }

  @Test
  void misspeltFlagIsAUsageFaultThatSuggests() {
    Outcome outcome = run("serve", "--databse-url", "x");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(outcome.err()).contains("--databse-url").contains("--database-url");
  }
}
