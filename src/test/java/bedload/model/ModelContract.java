package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.job.ModelInvocationType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a worker may rely on, whichever backend answers. */
abstract class ModelContract {
  /** Returns the model under test. */
  abstract Model model();

  /** Returns a body that the model answers, different for each text. */
  abstract String body(String text);

  private ModelReply ask(String body) throws InterruptedException {
    return model().invoke(body.getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);
  }

  private String answer(String text) throws InterruptedException {
    ModelReply reply = ask(body(text));
    assertThat(reply).isInstanceOf(ModelReply.Answer.class);
    return new String(((ModelReply.Answer) reply).modelOutput(), StandardCharsets.UTF_8);
  }

  @Test
  void anAnswerIsAJsonObjectOnOneLine() throws InterruptedException {
    String output = answer("two\\nlines of text, \\u2028 and \\ud83d\\ude00");

    JsonNode read = JsonMapper.shared().readTree(output);
    assertThat(read.isObject()).isTrue();
    assertThat(output).doesNotContain("\n", "\r");
  }

  @Test
  void theSameInputHasTheSameAnswerAndAnotherHasAnother() throws InterruptedException {
    assertThat(answer("gravel")).isEqualTo(answer("gravel")).isNotEqualTo(answer("boulders"));
  }

  @Test
  void manyThreadsEachHaveTheirOwnAnswer() throws Exception {
    List<String> alone = new ArrayList<>();
    List<Future<String>> together = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      alone.add(answer("stone number " + i));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 60; i++) {
        String text = "stone number " + i;
        together.add(threads.submit(() -> answer(text)));
      }
      for (int i = 0; i < 60; i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
    }
  }

  @Test
  void anInterruptedThreadDoesNotStayInTheCall() throws InterruptedException {
    AtomicReference<Object> end = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  try {
                    end.set(ask(body("gravel")));
                  } catch (InterruptedException wanted) {
                    end.set(wanted);
                  }
                });
    thread.start();
    thread.interrupt();

    // Either is right: an answer that was there before the interrupt was seen, or none.
    await()
        .untilAsserted(
            () ->
                assertThat(end.get())
                    .isInstanceOfAny(InterruptedException.class, ModelReply.Answer.class));
  }

  @Test
  void itSaysWhoItIs() {
    assertThat(model().servedBy()).isNotBlank();
  }
}
