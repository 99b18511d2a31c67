package bedload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bedload.catalog.TagRule;
import bedload.collect.EventsQueue;
import bedload.collect.SourceAccess;
import bedload.job.AccountId;
import bedload.ledger.QueueLimits;
import bedload.model.BedrockBackend;
import bedload.model.ModelEntry;
import bedload.model.ModelMap;
import bedload.model.Spill;
import bedload.model.http.ConnectionRules;
import bedload.work.InputLimits;
import bedload.work.Role;
import bedload.work.WorkRules;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  @TempDir private Path folder;

  @Test
  void nothingSetIsTheDefaults() {
    Settings settings = SettingsReader.read(null, Map.of(), Map.of());

    assertThat(settings.data()).isEqualTo(Path.of("bedload-data"));
    assertThat(settings.listen()).hasToString("127.0.0.1:9470");
    assertThat(settings.s3().listen()).hasToString("127.0.0.1:9471");
    assertThat(settings.s3().endpoint()).isNull();
    assertThat(settings.database().url()).isNull();
    assertThat(settings.region()).isEqualTo("us-east-1");
    assertThat(settings.modelEntries()).isEqualTo(ModelMap.DEFAULT_ENTRIES);
  }

  @Test
  void whoIsToldOfEventsIsNobodyUnlessItIsSet() throws IOException {
    assertThat(SettingsReader.read(null, Map.of(), Map.of()).events())
        .isEqualTo(new EventsSetting(null, null));

    String both =
        """
        events:
          file: events.jsonl
          webhook:
            url: %s
            secret-file: secret
        """;
    assertThat(
            SettingsReader.read(file(both.formatted("https://h.example/x")), Map.of(), Map.of())
                .events())
        .isEqualTo(
            new EventsSetting(
                Path.of("events.jsonl"),
                new WebhookSetting(URI.create("https://h.example/x"), Path.of("secret"))));
    Path wrong = file(both.formatted("ftp://h.example/x"));
    assertThat(
            catchThrowableOfType(
                CommandFault.class, () -> SettingsReader.read(wrong, Map.of(), Map.of())))
        .hasMessageContaining("an http or https URL is wanted for url");
  }

  @Test
  void whoIsToldOfChangesHasANameOfItsOwnAndAWebhook() throws IOException {
    assertThat(SettingsReader.read(null, Map.of(), Map.of()).changes()).isEmpty();

    String one =
        """
        changes:
          - name: failures
            search: status:Failed
            webhook: {url: "https://h.example/x", secret-file: secret}
        """;
    assertThat(SettingsReader.read(file(one), Map.of(), Map.of()).changes())
        .containsExactly(
            new ChangesSetting(
                "failures",
                null,
                null,
                "status:Failed",
                new WebhookSetting(URI.create("https://h.example/x"), Path.of("secret"))));
    assertRefused(one + one.substring(one.indexOf("  - name")), "two entries of one name");
    assertRefused(one.replace("name: failures", "type: x"), "a name is wanted");
    assertRefused(one.replace("webhook", "#"), "changes failures: webhook is missing");
  }

  private void assertRefused(String settings, String why) throws IOException {
    Path wrong = file(settings);
    assertThatThrownBy(() -> SettingsReader.read(wrong, Map.of(), Map.of()))
        .hasMessageContaining(why);
  }

  @Test
  void whatJobsAreHeldToIsOpenUnlessItIsSet() throws IOException {
    assertThat(SettingsReader.read(null, Map.of(), Map.of()).workRules())
        .isEqualTo(WorkRules.DEFAULT);

    WorkRules rules =
        SettingsReader.read(
                file(
                    """
                    limits: aws
                    queue:
                      per-model: 3
                    longest-first: false
                    roles:
                      - arn: arn:aws:iam::*:role/batch
                        buckets: [in, out]
                    """),
                Map.of(),
                Map.of("test-clock", true))
            .workRules();

    assertThat(rules.input()).isEqualTo(InputLimits.AWS);
    assertThat(rules.queue()).isEqualTo(new QueueLimits(10, 3));
    assertThat(rules.permissions().roles())
        .containsExactly(new Role("arn:aws:iam::*:role/batch", List.of("in", "out"), List.of()));
    assertThat(rules.testClock()).isTrue();
    assertThat(rules.longestFirst()).isFalse();
  }

  @Test
  void connectionsToModelServersAreClosedBeforeServersCloseThemUnlessItIsSet() throws IOException {
    ConnectionRules usual =
        SettingsReader.read(null, Map.of(), Map.of()).modelConnections().rules();
    assertThat(usual).isEqualTo(ConnectionRules.DEFAULT);
    assertThat(usual.longestRest()).isLessThan(Duration.ofSeconds(5));

    assertThat(
            SettingsReader.read(
                    file("model-connections: {idle-seconds: 0.5, life-seconds: 60}"),
                    Map.of(),
                    Map.of())
                .modelConnections()
                .rules())
        .isEqualTo(new ConnectionRules(Duration.ofMillis(500), Duration.ofMinutes(1)));
    Path wrong = file("model-connections: {idle-seconds: -1}");
    assertThat(
            catchThrowableOfType(
                CommandFault.class, () -> SettingsReader.read(wrong, Map.of(), Map.of())))
        .hasMessageContaining("idle-seconds are from 0 to 86400, not -1");
  }

  @Test
  void sourcesQueueIsReadOnceHoweverManyRegionsItHasAndANameAloneIsRefused() throws IOException {
    String source =
        """
        sources:
          - account: "111122223333"
            regions: [us-east-1, eu-west-1]
            events-queue: %s
        """;
    String url = "https://sqs.eu-west-1.amazonaws.com/111122223333/bedload";

    assertThat(SettingsReader.read(file(source.formatted(url)), Map.of(), Map.of()).eventsQueues())
        .containsExactly(
            new EventsQueue(URI.create(url), "eu-west-1", new SourceAccess.Environment()));
    Path wrong = file(source.formatted("bedload"));
    assertThatThrownBy(() -> SettingsReader.read(wrong, Map.of(), Map.of()))
        .hasMessageContaining("events-queue: a queue's URL is wanted");
  }

  @Test
  void readersOfASourceSeeItsSensitiveColumnsUnlessOnlySomeOfThemShall() throws IOException {
    String source =
        """
        sources:
          - account: "111122223333"
            regions: [us-east-1]
            readers: ["000000000000", "000000000001"]
        %s\
        """;
    AccountId first = AccountId.DEFAULT;
    AccountId second = new AccountId("000000000001");
    Settings open = SettingsReader.read(file(source.formatted("")), Map.of(), Map.of());
    assertThat(open.rightOf(second, first).unmasked())
        .containsExactlyInAnyOrder("000000000001", "111122223333");

    Settings some =
        SettingsReader.read(
            file(source.formatted("    sensitive-readers: [\"000000000000\"]\n")),
            Map.of(),
            Map.of());
    assertThat(some.rightOf(first, first).unmasked()).contains("111122223333");
    assertThat(some.rightOf(second, first).readable()).contains("111122223333");
    assertThat(some.rightOf(second, first).unmasked()).containsExactly("000000000001");

    Path wrong = file(source.formatted("    sensitive-readers: [\"000000000009\"]\n"));
    assertThatThrownBy(() -> SettingsReader.read(wrong, Map.of(), Map.of()))
        .hasMessageContaining("000000000009 is none of its readers");
  }

  @Test
  void rulesForTagsHaveAKeyEachAndValuesIfTheyLike() throws IOException {
    assertThat(
            SettingsReader.read(
                    file("tag-rules:\n  - key: team\n    values: [ml]\n  - key: cost\n"),
                    Map.of(),
                    Map.of())
                .tagRules())
        .extracting(TagRuleSetting::rule)
        .containsExactly(new TagRule("team", List.of("ml")), new TagRule("cost", List.of()));
    for (String wrong :
        List.of("  - values: [ml]\n", "  - key: a:b\n", "  - key: a\n  - key: a\n")) {
      Path file = file("tag-rules:\n" + wrong);
      assertThatThrownBy(() -> SettingsReader.read(file, Map.of(), Map.of()))
          .isInstanceOf(CommandFault.class)
          .hasMessageContaining("tag");
    }
  }

  @Test
  void limitsAreGivenByNameOrOneByOne() throws IOException {
    assertThat(
            SettingsReader.read(file("limits:\n  min-records: 10\n"), Map.of(), Map.of())
                .workRules()
                .input()
                .fewestRecords())
        .isEqualTo(10);
    CommandFault fault =
        catchThrowableOfType(
            CommandFault.class,
            () -> SettingsReader.read(null, Map.of("BEDLOAD__LIMITS", "azure"), Map.of()));
    assertThat(fault).hasMessageContaining("aws or open").hasMessageContaining("azure");
  }

  @Test
  void flagBeatsVariableBeatsFile() throws IOException {
    Path file = file("listen: 127.0.0.1:1\ns3:\n  listen: 127.0.0.1:2\nregion: eu-west-1\n");

    Settings settings =
        SettingsReader.read(
            file,
            Map.of("BEDLOAD__LISTEN", "127.0.0.1:3", "BEDLOAD__S3__LISTEN", "127.0.0.1:4"),
            Map.of("listen", "127.0.0.1:5"));

    assertThat(settings.listen().port()).isEqualTo(5);
    assertThat(settings.s3().listen().port()).isEqualTo(4);
    assertThat(settings.region()).isEqualTo("eu-west-1");
  }

  @Test
  void variablesThatKubernetesMakesAreNoneOfOurs() {
    Settings settings =
        SettingsReader.read(
            null,
            Map.of("BEDLOAD_PORT", "tcp://10.0.0.1:9470", "BEDLOAD_SERVICE_HOST", "10.0.0.1"),
            Map.of());

    assertThat(settings.listen().port()).isEqualTo(9470);
  }

  @Test
  void emptyFileIsTheDefaults() throws IOException {
    assertThat(SettingsReader.read(file("# nothing yet\n"), Map.of(), Map.of()))
        .isEqualTo(SettingsReader.read(null, Map.of(), Map.of()));
  }

  @Test
  void misspeltKeyIsAnErrorThatNamesFilePathAndTheKeysThereAre() throws IOException {
    Path file = file("database:\n  ulr: postgresql://a/b\n");

    assertThat(faultOf(file, Map.of(), Map.of()))
        .contains(file.toString())
        .contains("database.ulr")
        .contains("there are: url");
  }

  @Test
  void misspeltVariableIsAnErrorThatNamesIt() {
    assertThat(faultOf(null, Map.of("BEDLOAD__LISTN", "x:1"), Map.of()))
        .startsWith("BEDLOAD__LISTN: 'listn' is not a setting");
  }

  @Test
  void badValueOfAFlagOrAVariableNamesItsPlace() {
    assertThat(faultOf(null, Map.of("BEDLOAD__S3__DOMAINS", "http://s3.example:9471"), Map.of()))
        .startsWith("the settings: s3: a host's name")
        .contains("such as s3.example.internal");
    assertThat(faultOf(null, Map.of(), Map.of("s3.listen", "9471")))
        .startsWith("--s3-listen: HOST:PORT is wanted")
        .contains("'9471'");
  }

  @Test
  void badValueInAFileNamesItsPath() throws IOException {
    Path file = file("models:\n  - id: a\n    backend: echo\n  - backend: echo\n");

    assertThat(faultOf(file, Map.of(), Map.of())).contains("models[1]").contains("needs an id");
  }

  @Test
  void keyThatOccursTwiceIsAnErrorThatNamesTheLine() throws IOException {
    assertThat(faultOf(file("listen: a:1\nlisten: a:2\n"), Map.of(), Map.of()))
        .contains("settings.yaml:2:");
  }

  @Test
  void brokenYamlIsAnErrorThatNamesTheLine() throws IOException {
    assertThat(faultOf(file("listen: [a\n"), Map.of(), Map.of())).contains("settings.yaml:");
  }

  @Test
  void missingFileIsSaid() {
    assertThat(faultOf(folder.resolve("no.yaml"), Map.of(), Map.of())).contains("no.yaml");
  }

  @Test
  void modelMapTakesTheFlagsFormAndParts() throws IOException {
    Path file =
        file(
            """
            models:
              - meta.llama3-2=http://127.0.0.1:11434/v1#llama3.2
              - id: anthropic.claude-*
                url: http://gpu1:8000/v1
                served: mine
                max-in-flight: 8
              - id: bedload.echo
                backend: echo
            """);

    List<ModelEntry> entries = SettingsReader.read(file, Map.of(), Map.of()).modelEntries();

    assertThat(entries)
        .extracting(ModelEntry::pattern)
        .containsExactly("meta.llama3-2", "anthropic.claude-*", "bedload.echo");
    assertThat(entries.get(1).backend())
        .isEqualTo(
            new ModelEntry.Server(
                URI.create("http://gpu1:8000/v1"),
                "mine",
                null,
                ModelEntry.Server.DEFAULT_DEADLINE,
                8,
                8));
    assertThat(entries.get(2).backend()).isEqualTo(new ModelEntry.Echo());
  }

  @Test
  void replicasBedrockAndASpillAreSettings() throws IOException {
    Path file =
        file(
            """
            models:
              - id: anthropic.claude-*
                endpoints: [http://gpu1:8000/v1, http://gpu2:8000/v1]
                served: mine
                max-in-flight: 8
                spill: {to: aws-claude, within-seconds: 3600}
              - id: aws-claude
                backend: bedrock
                region: us-west-2
                profile: batch
                served: us.anthropic.claude-sonnet-4-20250514-v1:0
                family: anthropic-messages
            """);

    List<ModelEntry> entries = SettingsReader.read(file, Map.of(), Map.of()).modelEntries();

    assertThat(entries.get(0).backend())
        .isInstanceOfSatisfying(
            ModelEntry.Replicas.class,
            replicas ->
                assertThat(replicas.servers())
                    .extracting(ModelEntry.Server::maxInFlight)
                    .containsExactly(8, 8));
    assertThat(entries.get(0).spill()).isEqualTo(new Spill("aws-claude", Duration.ofHours(1)));
    assertThat(entries.get(1).backend())
        .isEqualTo(
            new BedrockBackend(
                "us-west-2",
                null,
                "us.anthropic.claude-sonnet-4-20250514-v1:0",
                "batch",
                null,
                ModelEntry.Server.DEFAULT_DEADLINE,
                BedrockBackend.DEFAULT_INITIAL_IN_FLIGHT,
                BedrockBackend.DEFAULT_MAX_IN_FLIGHT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {id: a.b, backend: echo, url: "http://h/v1"}                    | is in this process
          {id: a.b, backend: bedrock, endpoints: ["http://h/v1"]}         | takes bodies as they are
          {id: openai.b, url: "http://h/v1", region: us-east-1}           | takes no region or profile
          {id: openai.b, url: "http://h/v1", endpoints: ["http://i/v1"]}  | or the endpoints of several
          {id: openai.b, endpoints: ["http://h/v1"]}                      | two servers or more
          {id: a.b, backend: bedrock, region: Frankfurt}                  | written as us-east-1
          {id: openai.b, url: "http://h/v1", spill: {to: x}}              | within-seconds
          """)
  void partsThatDoNotFitABackendAreRefusedInWords(String entry, String said) throws IOException {
    assertThat(faultOf(file("models: [%s]%n".formatted(entry)), Map.of(), Map.of())).contains(said);
  }

  @Test
  void modelFlagsReplaceTheModelsOfTheFile() throws IOException {
    Path file = file("models:\n  - id: bedload.echo\n    backend: echo\n");

    Settings settings =
        SettingsReader.read(
            file, Map.of(), Map.of("models", List.of("meta.llama3=http://h:1/v1#llama3")));

    assertThat(settings.modelEntries())
        .extracting(ModelEntry::pattern)
        .containsExactly("meta.llama3");
  }

  @Test
  void databasePasswordIsNotInTheSettingsText() {
    Settings settings =
        SettingsReader.read(null, Map.of(), Map.of("database.url", "postgresql://u:topsecret@h/d"));

    assertThat(settings.toString()).doesNotContain("topsecret");
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("settings.yaml"), yaml);
  }

  private static String faultOf(
      @Nullable Path file, Map<String, String> environment, Map<String, Object> flags) {
    CommandFault fault =
        catchThrowableOfType(
            CommandFault.class, () -> SettingsReader.read(file, environment, flags));
    assertThat(fault.exitCode()).isEqualTo(ExitCode.SETTINGS);
    return String.valueOf(fault.getMessage());
  }
}
