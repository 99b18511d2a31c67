package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.model.ModelProbe.Finding;
import bedload.model.TestModelServer.Behaviour;
import bedload.model.body.Family;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelProbeTest {
  private final ModelProbe probe =
      new ModelProbe(Map.of(), Duration.ofMillis(400), InstantSource.system());

  @AfterEach
  void close() {
    probe.close();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void everyFamilyIsTriedByABodyOfItsOwn(Family family) throws InterruptedException {
    try (TestModelServer server = TestModelServer.start()) {
      Finding finding =
          probe.probe(
              new ModelEntry("any.*", ModelEntry.Server.at(server.url(), "served"), family));

      assertThat(finding).as(finding.toString()).isInstanceOf(Finding.Answered.class);
      assertThat(server.received()).isOne();
    }
  }

  @Test
  void aPatternWithoutAFamilyIsTriedAsAChat() throws InterruptedException {
    try (TestModelServer server = TestModelServer.start()) {
      ModelEntry entry = new ModelEntry("*", ModelEntry.Server.at(server.url(), "served"), null);

      assertThat(probe.probe(entry)).isInstanceOf(Finding.Answered.class);
    }
  }

  @Test
  void theModelsInThisProcessAnswer() throws InterruptedException {
    assertThat(probe.probe(ModelMap.DEFAULT_ENTRIES.getFirst()))
        .isInstanceOf(Finding.Answered.class);
    assertThat(probe.probe(new ModelEntry("bedload.echo", new ModelEntry.Echo(), null)))
        .isInstanceOf(Finding.Answered.class);
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws InterruptedException {
    ModelEntry nobody = ModelEntry.parse("openai.m=http://127.0.0.1:1/v1#m");

    assertThat(probe.probe(nobody))
        .isInstanceOfSatisfying(
            Finding.Failed.class,
            failed -> assertThat(failed.sentence()).contains("http://127.0.0.1:1/v1"));
  }

  @Test
  void aCallIsNotWaitedForAsLongAsAJobWould() throws InterruptedException {
    try (TestModelServer server = TestModelServer.start(_ -> new Behaviour.Stall())) {
      ModelEntry stalling =
          new ModelEntry("openai.m", ModelEntry.Server.at(server.url(), "m"), null);

      assertThat(probe.probe(stalling))
          .isInstanceOfSatisfying(
              Finding.Failed.class,
              failed -> assertThat(failed.sentence()).contains("no whole answer within 400 ms"));
    }
  }

  @Test
  void aKeyThatIsNotThereIsAFindingAndNoCall() throws InterruptedException {
    ModelEntry.Server keyed =
        new ModelEntry.Server(
            URI.create("http://127.0.0.1:1/v1"),
            "m",
            new ApiKey.InEnvironment("NO_SUCH_KEY"),
            Duration.ofSeconds(1),
            1,
            1);

    assertThat(probe.probe(new ModelEntry("openai.m", keyed, null)))
        .isInstanceOfSatisfying(
            Finding.Failed.class,
            failed -> assertThat(failed.sentence()).contains("NO_SUCH_KEY", "not there"));
  }

  @Test
  void anEntryCoversThoseThatItsPatternFits() {
    ModelEntry all = new ModelEntry("anthropic.*", new ModelEntry.Echo(), null);
    ModelEntry some = new ModelEntry("anthropic.claude-*", new ModelEntry.Echo(), null);

    assertThat(all.covers(some)).isTrue();
    assertThat(some.covers(all)).isFalse();
    assertThat(all.covers(all)).isTrue();
  }
}
