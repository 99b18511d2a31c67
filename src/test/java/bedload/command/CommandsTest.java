package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.ExitCode;
import bedload.SettingsReader;
import bedload.Wiring;
import bedload.database.DatabaseAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands as a user types them, against a whole service. */
class CommandsTest {
  private static Path data;
  private static Wiring wiring;

  @BeforeAll
  static void start() throws IOException {
    data = TemporaryFolder.create("bedload-commands-test-");
    wiring =
        Wiring.start(
            SettingsReader.read(
                null,
                Map.of(),
                Map.of(
                    "data", data.toString(), "listen", "127.0.0.1:0", "s3.listen", "127.0.0.1:0")));
  }

  @AfterAll
  static void stop() {
    wiring.close();
    TemporaryFolder.remove(data);
  }

  /** What a command left behind. */
  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome run(String... args) {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int exitCode = line.execute(args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private static Outcome runHere(String... args) {
    String[] all = Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--data";
    all[args.length + 1] = data.toString();
    return run(all);
  }

  @Test
  void demosStoryEndsWellOnARunningService() throws Exception {
    StringWriter told = new StringWriter();
    DemoStory story = new DemoStory(new PrintWriter(told), wiring.service(), 120);

    ExitCode outcome = story.run();

    assertThat(outcome).as(told.toString()).isEqualTo(ExitCode.OK);
    assertThat(told.toString())
        .contains("Completed")
        .contains("Every one of 120 records has exactly one output line; 0 of them tell an error.")
        .contains("\"totalRecordCount\":120");
    assertThat(runHere("sql", "select status from aws_bedrock_model_invocation_job").out())
        .contains("Completed");
  }

  @Test
  void envExportsEndpointsKeysAndRegion() {
    Outcome env = runHere("env");

    assertThat(env.exitCode()).isZero();
    assertThat(env.out())
        .contains("export AWS_ENDPOINT_URL_BEDROCK='" + wiring.service().api() + "'")
        .contains("export AWS_ENDPOINT_URL_S3='" + wiring.service().s3() + "'")
        .containsPattern("export AWS_ACCESS_KEY_ID='BDLD[A-Z0-9]{16}'")
        .containsPattern("export AWS_SECRET_ACCESS_KEY='[A-Za-z0-9]{40}'")
        .contains("export AWS_REGION='us-east-1'");
  }

  @Test
  void psqlUrlEntersAsTheAccountsRoleThatMayOnlyRead() {
    Outcome url = runHere("psql-url");

    DatabaseAddress address = DatabaseAddress.parse(url.out().strip());
    assertThat(address.user()).matches("acct_000000000000_[0-9]+");
    assertThat(runHere("psql-url", "--jdbc").out()).isEqualTo("jdbc:" + url.out());
    assertThat(runHere("sql", "select session_user as me").out()).contains("acct_000000000000");
  }

  @Test
  void sqlRefusesWithStatusOneAndOneSentence() {
    Outcome two = runHere("sql", "select 1; select 2");
    assertThat(two.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(two.err()).startsWith("bedload: One statement at a time").doesNotContain("\tat ");

    Outcome forbidden = runHere("sql", "select pg_read_file('/etc/passwd')");
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
    String taken = wiring.service().api().replace("http://", "");

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
    assertThat(run("validate", "/no/such/file").err()).contains("/no/such/file");
    Files.delete(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "serve",
        "env",
        "page",
        "sql",
        "psql-url",
        "validate",
        "run",
        "jobs",
        "job",
        "stop",
        "errors",
        "retry"
      })
  void everyCommandHasHelpWithAnExample(String command) {
    Outcome help = run(command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Example:");
  }

  @Test
  void misspeltFlagIsAUsageFaultThatSuggests() {
    Outcome outcome = run("serve", "--databse-url", "x");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(outcome.err()).contains("--databse-url").contains("--database-url");
  }
}
