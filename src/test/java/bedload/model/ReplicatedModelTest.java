package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.ModelInvocationType;
import bedload.job.RecordOutcome;
import bedload.model.TestModelServer.Behaviour;
import bedload.model.body.Family;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One model on several servers, through the model map, over real sockets. */
class ReplicatedModelTest {
  private static final Patience QUICK =
      new Patience(5, Duration.ofSeconds(5), Duration.ofMillis(1), Duration.ofMillis(5));

  private final AtomicReference<Behaviour> ofFirst = new AtomicReference<>(new Behaviour.Answer(5));
  private final TestModelServer first = TestModelServer.start(_ -> ofFirst.get());
  private final TestModelServer second = TestModelServer.start(_ -> new Behaviour.Answer(5));

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private static ModelEntry.Server server(URI url, int most) {
    return new ModelEntry.Server(url, "m", null, Duration.ofSeconds(5), most, most);
  }

  private ModelEntry replicas() {
    return new ModelEntry(
        "openai.m",
        new ModelEntry.Replicas(List.of(server(first.url(), 8), server(second.url(), 8))),
        null);
  }

  private static ModelMap map(ModelEntry... entries) {
    return new ModelMap(List.of(entries), Map.of(), QUICK, InstantSource.system(), new Random(1));
  }

  private static List<RecordOutcome> answers(ServedModel model, int records) throws Exception {
    List<Future<RecordOutcome>> running = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < records; i++) {
        byte[] body =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"%d\"}]}"
                .formatted(i)
                .getBytes(StandardCharsets.UTF_8);
        running.add(threads.submit(() -> model.answer(body, ModelInvocationType.INVOKE_MODEL)));
      }
    }
    List<RecordOutcome> outcomes = new ArrayList<>();
    for (Future<RecordOutcome> each : running) {
      outcomes.add(each.get());
    }
    return outcomes;
  }

  @Test
  void allServersWorkAndNoneBeyondItsOwnLimit() throws Exception {
    try (ModelMap map = map(replicas())) {
      ServedModel model = map.find("openai.m").orElseThrow();
      assertThat(model.limit().size()).isEqualTo(16);

      assertThat(answers(model, 200)).allMatch(RecordOutcome.Success.class::isInstance);
    }
    assertThat(first.answered() + second.answered()).isEqualTo(200);
    assertThat(first.answered()).isBetween(70L, 130L);
    assertThat(first.mostInFlight()).isLessThanOrEqualTo(8);
    assertThat(second.mostInFlight()).isLessThanOrEqualTo(8);
  }

  @Test
  void aServerThatRefusesIsPassedOverAtOnceAndNoRecordFails() throws Exception {
    for (int status : new int[] {429, 503, 404}) {
      ofFirst.set(new Behaviour.Status(status, "Retry-After: 60\r\n", ""));
      try (ModelMap map = map(replicas())) {
        assertThat(answers(map.find("openai.m").orElseThrow(), 40))
            .allMatch(RecordOutcome.Success.class::isInstance);
      }
    }
    assertThat(second.answered()).isEqualTo(120);
    assertThat(first.received()).as("refused calls").isLessThanOrEqualTo(3 * 8);
  }

  @Test
  void aServerThatIsGoneCostsItsCallsInFlightATry() throws Exception {
    first.close();
    try (ModelMap map = map(replicas())) {
      assertThat(answers(map.find("openai.m").orElseThrow(), 60))
          .allMatch(RecordOutcome.Success.class::isInstance);
    }
    assertThat(second.answered()).isEqualTo(60);
  }

  @Test
  void whatEveryServerRefusesIsRefusedWithWhatLeavesHope() throws Exception {
    ofFirst.set(new Behaviour.Status(429, "", "busy"));
    second.close();
    Model[] models = new Model[2];
    try (Backends backends = new Backends(Map.of(), InstantSource.system())) {
      models[0] =
          backends.model(
              new ModelEntry("openai.m", server(first.url(), 8), Family.OPENAI_CHAT), null, "m");
      models[1] = new ScriptedModel(List.of(new ModelReply.Refusal(424, "not loaded")));
      ReplicaBoard board = new ReplicaBoard(List.of("a", "b"), 8, System::nanoTime);

      ModelReply reply =
          new ReplicatedModel(List.of(models), board)
              .invoke(
                  "{\"messages\":[]}".getBytes(StandardCharsets.UTF_8),
                  ModelInvocationType.INVOKE_MODEL);

      assertThat(reply).isInstanceOf(ModelReply.Overload.class);
    }
  }

  @Test
  void aRecordToBlameIsNotSentToTheOthersToo() throws Exception {
    ofFirst.set(new Behaviour.Status(400, "", "too many tokens"));
    try (TestModelServer alike =
            TestModelServer.start(_ -> new Behaviour.Status(400, "", "too many tokens"));
        ModelMap map =
            map(
                new ModelEntry(
                    "openai.m",
                    new ModelEntry.Replicas(
                        List.of(server(first.url(), 8), server(alike.url(), 8))),
                    null))) {
      assertThat(answers(map.find("openai.m").orElseThrow(), 10))
          .allMatch(outcome -> outcome.toString().contains("too many tokens"));
      assertThat(first.received() + alike.received()).isEqualTo(10);
    }
  }

  @Test
  void nearTheTimeoutAPartOfAJobSpillsOnceTheFirstBackendIsFull() throws Exception {
    ModelEntry spilling =
        new ModelEntry(
            "openai.m",
            server(first.url(), 1),
            null,
            Set.of(),
            null,
            new Spill("other", Duration.ofHours(1)));
    ModelEntry other = new ModelEntry("other", server(second.url(), 1), Family.OPENAI_CHAT);
    try (ModelMap map = map(spilling, other)) {
      Duration late = Duration.ofMinutes(30);
      assertThat(map.find("openai.m", late).orElseThrow().servedBy())
          .as("the first has room")
          .contains(first.url().toString());
      ServedModel model = map.find("openai.m").orElseThrow();
      try (InFlightLimit.Permit permit = model.limit().acquire()) {
        assertThat(permit).isNotNull();
        assertThat(map.find("openai.m", Duration.ofHours(2)).orElseThrow().servedBy())
            .as("there is time")
            .contains(first.url().toString());
        assertThat(map.find("openai.m", late).orElseThrow().servedBy())
            .contains(second.url().toString());
      }
    }
  }

  @Test
  void aSpillThatLeadsNowhereOrToOtherBodiesIsRefusedAtTheStart() {
    ModelEntry.Server server = server(first.url(), 1);
    Spill spill = new Spill("other", Duration.ofHours(1));
    ModelEntry entry = new ModelEntry("openai.m", server, null, Set.of(), null, spill);

    assertThatThrownBy(() -> map(entry)).hasMessageContaining("no other entry answers for");
    assertThatThrownBy(() -> map(entry, new ModelEntry("other", server, Family.LLAMA)))
        .hasMessageContaining("takes bodies of openai-chat, and spill goes to other");
  }

  @Test
  void replicasAreDifferentServers() {
    assertThatThrownBy(
            () -> new ModelEntry.Replicas(List.of(server(first.url(), 8), server(first.url(), 8))))
        .hasMessageContaining("each at a URL of its own");
  }
}
