package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.ModelInvocationType;
import bedload.job.RecordOutcome;
import bedload.model.body.Family;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelMapTest {
  private static final URI URL = URI.create("http://127.0.0.1:8000/v1");

  private static ModelMap map(List<ModelEntry> entries, Map<String, String> environment) {
    return new ModelMap(
        entries, environment, Patience.DEFAULT, InstantSource.system(), new Random(1));
  }

  private static ModelMap map(String... entries) {
    return map(List.of(entries).stream().map(ModelEntry::parse).toList(), Map.of());
  }

  private static String servedBy(ModelMap map, String modelId) {
    return map.find(modelId).map(ServedModel::servedBy).orElse("nobody");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amazon.titan-embed-text-v2:0",
        "sentence-transformers.all-minilm-l6-v2",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"
      })
  void withoutEntriesOfOnesOwnTheInProcessModelAnswers(String modelId) {
    try (ModelMap map = map(ModelMap.DEFAULT_ENTRIES, Map.of())) {
      assertThat(servedBy(map, modelId)).contains("all-MiniLM-L6-v2");
      assertThat(map.find("anthropic.claude-3-haiku-20240307-v1:0")).isEmpty();
      assertThat(map.find("bedload.echo")).isEmpty();
      assertThat(map.patterns())
          .containsExactly(
              "amazon.titan-embed-text-v2:0", "sentence-transformers.all-minilm-l6-v2");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic.claude-3-haiku, big",
    "us.anthropic.claude-3-haiku, big",
    "global.anthropic.claude-3-haiku, big",
    "arn:aws:bedrock:eu-west-1:000000000000:inference-profile/eu.anthropic.claude-3-haiku, big",
    "us.anthropic.claude-opus, special",
    "anthropic.claude-opus, other",
    "anthropic.claude-3, nobody",
    "xanthropic.claude-3-haiku, nobody"
  })
  void theFirstEntryThatFitsCountsAndAnExactIdBeforeThatOfItsRegion(String modelId, String served) {
    try (ModelMap map =
        map(
            "anthropic.claude-3-*=http://h/v1#big",
            "us.anthropic.claude-opus=http://h/v1#special",
            "anthropic.claude-o*=http://h/v1#other")) {
      assertThat(servedBy(map, modelId)).startsWith(served);
    }
  }

  @Test
  void entriesOfOneModelOfAServerShareItsLimit() {
    try (ModelMap map =
        map("openai.a=http://h/v1#m", "openai.b=http://h/v1#m", "openai.c=http://h/v1#n")) {
      InFlightLimit limit = map.find("openai.a").orElseThrow().limit();
      assertThat(map.find("openai.a").orElseThrow().limit()).isSameAs(limit);
      assertThat(map.find("openai.b").orElseThrow().limit()).isSameAs(limit);
      assertThat(map.find("openai.c").orElseThrow().limit()).isNotSameAs(limit);
    }
  }

  /** Whichever of them stands first. */
  @Test
  void whatOneEntryOfAServersModelSaysIsTooMuchIsTooMuchForTheOthers() {
    ModelEntry.Server server = ModelEntry.Server.at(URI.create("http://h/v1"), "m");
    List<ModelEntry> entries =
        List.of(
            entry("openai.a", server.inFlight(48, 480), new Rates(600, null)),
            entry("openai.b", server.inFlight(64, 64), new Rates(900, 5_000L)));
    for (List<ModelEntry> order : List.of(entries, entries.reversed())) {
      try (ModelMap map = map(order, Map.of())) {
        assertThat(map.find("openai.a").orElseThrow().limit().most()).isEqualTo(64);
        assertThat(map.find("openai.a").orElseThrow().limit().size()).isEqualTo(48);
        assertThat(map.shared()).hasSize(1);
        assertThat(map.shared().getFirst().maxInFlight()).isEqualTo(64);
        assertThat(map.shared().getFirst().rates()).isEqualTo(new Rates(600, 5_000L));
      }
    }
  }

  private static ModelEntry entry(String id, ModelEntry.Server server, Rates rates) {
    return new ModelEntry(id, server, null, Set.of(), null, null, rates);
  }

  @Test
  void theEchoAnswersWhenItIsConfigured() throws Exception {
    List<ModelEntry> entries = new ArrayList<>(ModelMap.DEFAULT_ENTRIES);
    entries.add(new ModelEntry("bedload.echo", new ModelEntry.Echo(), null));
    try (ModelMap map = map(entries, Map.of())) {
      RecordOutcome outcome =
          map.find("bedload.echo")
              .orElseThrow()
              .answer(
                  "{\"a\":1}".getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);

      assertThat(
              new String(((RecordOutcome.Success) outcome).modelOutput(), StandardCharsets.UTF_8))
          .isEqualTo("{\"echo\":{\"a\":1}}");
    }
  }

  @Test
  void aPatternsModelWhoseBodyIsNotKnownRefusesItsRecords() throws Exception {
    try (ModelMap map = map("*=http://h/v1#m")) {
      RecordOutcome outcome =
          map.find("stability.sd3-5")
              .orElseThrow()
              .answer("{}".getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              RecordOutcome.Failure.class,
              failure ->
                  assertThat(failure.message()).contains("stability.sd3-5", "not yet translated"));
    }
  }

  @Test
  void aFlagNamesIdUrlAndServedName() {
    assertThat(ModelEntry.parse("meta.llama3-2=http://127.0.0.1:8000/v1#org/llama:3b"))
        .isEqualTo(
            new ModelEntry("meta.llama3-2", ModelEntry.Server.at(URL, "org/llama:3b"), null));
    assertThat(ModelEntry.parse("mine=openai-chat@http://127.0.0.1:8000/v1#m"))
        .isEqualTo(new ModelEntry("mine", ModelEntry.Server.at(URL, "m"), Family.OPENAI_CHAT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          meta.llama3                       | given as ID=URL#SERVED
          =http://h/v1#m                    | given as ID=URL#SERVED
          meta.llama3=http://h/v1           | given as ID=URL#SERVED
          meta.llama3=http://h/v1#          | given as ID=URL#SERVED
          meta.llama3=ftp://h/v1#m          | begins with http:// or https://
          meta.llama3=h:8000/v1#m           | begins with http:// or https://
          meta.llama3=http:///v1#m          | names its host
          meta.llama3=http://u:p@h/v1#m     | has no user
          meta.llama3=http://h/ v1#m        | has no URL
          my-model=http://h/v1#m            | does not follow from its id
          my-model=gpt@http://h/v1#m        | names the family gpt; there are anthropic-messages
          stability.sd3=http://h/v1#m     | does not follow from its id, or is not yet translated
          """)
  void aFlagThatIsWrongSaysWhatIsMeant(String flag, String words) {
    assertThatThrownBy(() -> ModelEntry.parse(flag))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + flag)
        .hasMessageContaining(words);
  }

  private static ModelEntry entry(ApiKey key) {
    return new ModelEntry(
        "openai.a", new ModelEntry.Server(URL, "m", key, Duration.ofSeconds(1), 1, 1), null);
  }

  @Test
  void aKeyThatIsNotWhereItShouldBeIsSaidAtTheStart(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("key");
    assertThatThrownBy(() -> map(List.of(entry(new ApiKey.InEnvironment("MY_KEY"))), Map.of()))
        .hasMessageContaining("the environment variable MY_KEY, which is empty or not there");
    assertThatThrownBy(() -> map(List.of(entry(new ApiKey.InFile(file))), Map.of()))
        .hasMessageContaining(file.toString());
    Files.writeString(file, "sk-1\r\nsk-2\r\n");
    assertThatThrownBy(() -> map(List.of(entry(new ApiKey.InFile(file))), Map.of()))
        .hasMessageContaining("holds characters that no key has")
        .hasMessageNotContaining("sk-1");

    Files.writeString(file, "sk-1\n");
    try (ModelMap map = map(List.of(entry(new ApiKey.InFile(file))), Map.of())) {
      assertThat(map.find("openai.a")).isPresent();
    }
  }
}
