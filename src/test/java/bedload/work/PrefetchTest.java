package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.InputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefetchTest {
  private static InputRecord record(int ordinal, String modelInput) {
    return new InputRecord(ordinal, null, modelInput.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Integer> order(List<String> bodies) {
    return order(bodies, new Prefetch(true));
  }

  private static List<Integer> order(List<String> bodies, Prefetch ahead) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      ahead.add(record(i, bodies.get(i)), i);
      if (!ahead.hasRoom()) {
        order.add(ahead.next().ordinal());
      }
    }
    while (!ahead.isEmpty()) {
      order.add(ahead.next().ordinal());
    }
    return order;
  }

  @Test
  void recordsThatSeemAlikeKeepTheirOrder() {
    List<String> alike =
        IntStream.range(0, 9_000)
            .mapToObj(i -> "{\"inputText\":\"sentence %04d\"}".formatted(i))
            .toList();

    assertThat(order(alike)).isSorted().hasSize(9_000);
  }

  @Test
  void recordsGoAsTheyWereReadWhereThatIsWanted() {
    List<String> unalike = List.of("{\"max_tokens\":8}", "{\"max_tokens\":500}", "{}");

    assertThat(order(unalike, new Prefetch(false))).containsExactly(0, 1, 2);
  }

  @Test
  void whatMayBeAnsweredAtLengthGoesFirstAndAmongEqualsTheLongerPrompt() {
    String longPrompt = "x".repeat(10_000);

    assertThat(
            order(
                List.of(
                    "{\"max_tokens\":8}",
                    "{\"max_tokens\":500}",
                    "{\"prompt\":\"%s\",\"max_tokens\":500}".formatted(longPrompt),
                    "{\"prompt\":\"no most is named\"}")))
        .containsExactly(3, 2, 1, 0);
  }

  /** Each family of bodies has a name of its own for it, some of them within an object. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[{\"role\":\"user\",\"max_tokens\":9999}],\"max_tokens\":8}",
        "{\"max_completion_tokens\":8}",
        "{\"prompt\":\"say \\\"max_tokens\\\":9999\",\"max_gen_len\":8}",
        "{\"inputText\":\"\",\"textGenerationConfig\":{\"maxTokenCount\":8}}",
        "{\"messages\":[],\"inferenceConfig\":{\"maxTokens\":8}}",
        "{\"inferenceConfig\":{\"max_new_tokens\":8},\"schemaVersion\":\"messages-v1\"}",
      })
  void theMostTokensOfAnAnswerAreReadInEveryFamily(String body) {
    assertThat(LengthGuess.of(body.getBytes(StandardCharsets.UTF_8)))
        .isBetween(
            LengthGuess.of("{\"max_tokens\":8}".getBytes(StandardCharsets.UTF_8)),
            LengthGuess.of("{\"max_tokens\":16}".getBytes(StandardCharsets.UTF_8)) - 1);
  }

  @Test
  void bodiesThatCannotBeReadGoLikeThoseThatNameNoMost() {
    int unread = LengthGuess.of("{\"max_tokens\":".getBytes(StandardCharsets.UTF_8));
    int absent = LengthGuess.of("{\"maximum\":\"1\"}".getBytes(StandardCharsets.UTF_8));

    assertThat(unread).isEqualTo(absent);
  }

  @Test
  void largeBodiesAreNotReadFarAhead() {
    Prefetch ahead = new Prefetch(true);
    int read = 0;
    while (ahead.hasRoom()) {
      ahead.add(record(read, "{\"p\":\"%s\"}".formatted("x".repeat(500_000))), read);
      read++;
    }

    assertThat(read).isEqualTo(5);
  }

  /**
   * A server in virtual time. Answers are half to all of what they may be, which differs as much as
   * the answers of a chat do.
   */
  @ParameterizedTest
  @CsvSource({"8, 400", "64, 3200", "512, 20000"})
  void theTailOfAJobIsShorterAndNeverLonger(int slots, int records) {
    double before = 0;
    double after = 0;
    int seeds = 20;
    for (long seed = 1; seed <= seeds; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<String> bodies = new ArrayList<>();
      double[] seconds = new double[records];
      for (int i = 0; i < records; i++) {
        int most = (int) Math.clamp(400 * Math.exp(0.8 * random.nextGaussian()), 10, 4_000);
        bodies.add("{\"max_tokens\":%d}".formatted(most));
        seconds[i] = most / 100.0 * random.nextDouble(0.5, 1);
      }
      double inOrder = tail(slots, seconds, IntStream.range(0, records).boxed().toList());
      double longFirst = tail(slots, seconds, order(bodies));
      assertThat(longFirst).isLessThan(inOrder);
      before += inOrder / seeds;
      after += longFirst / seeds;
    }
    System.out.printf(
        "%d slots, %d records: the tail is %.1f s in the order of the input, %.1f s long ones first%n",
        slots, records, before, after);
    assertThat(after).isLessThan(0.7 * before);
  }

  /** Returns how long the last slots were busy after the first of them was free for good. */
  private static double tail(int slots, double[] seconds, List<Integer> order) {
    Deque<Integer> due = new ArrayDeque<>(order);
    PriorityQueue<Double> ends = new PriorityQueue<>();
    double now = 0;
    while (!due.isEmpty()) {
      if (ends.size() == slots) {
        now = ends.remove();
      }
      ends.add(now + seconds[due.remove()]);
    }
    double first = ends.peek();
    return ends.stream().max(Double::compare).orElseThrow() - first;
  }
}
