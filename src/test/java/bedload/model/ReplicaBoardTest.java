package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.TokenUsage;
import bedload.model.ReplicaBoard.Turn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicaBoardTest {
  private static final ModelReply ANSWER = new ModelReply.Answer(new byte[0], TokenUsage.UNKNOWN);
  private static final ModelReply SILENCE = new ModelReply.Silence(503, "cut");
  private static final byte[] SHORT = "{}".getBytes(StandardCharsets.UTF_8);
  private static final BitSet NONE = new BitSet();

  private long now;

  private ReplicaBoard board(int servers, int mostEach) {
    return new ReplicaBoard(
        IntStream.range(0, servers).mapToObj(i -> "http://gpu" + i + ":8000/v1").toList(),
        mostEach,
        () -> now);
  }

  private static int take(ReplicaBoard board, byte[] body) {
    Turn turn = board.take(body, NONE);
    assertThat(turn).isInstanceOf(Turn.Call.class);
    return ((Turn.Call) turn).server();
  }

  /** A body whose first kilobyte is that of its group. */
  private static byte[] body(int group, int number) {
    return ("{\"system\":\"" + ("group " + group + " ").repeat(200) + "\",\"ask\":" + number + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void passes(Duration time) {
    now += time.toNanos();
  }

  @Test
  void theServerWithTheFewestCallsIsNext() {
    ReplicaBoard board = board(3, 100);
    List<Integer> first = List.of(take(board, SHORT), take(board, SHORT), take(board, SHORT));
    assertThat(first).containsExactlyInAnyOrder(0, 1, 2);

    board.give(first.get(1), ANSWER);
    assertThat(take(board, SHORT)).isEqualTo(first.get(1));
  }

  @Test
  void callsOneAfterAnotherGoRound() {
    ReplicaBoard board = board(3, 100);
    List<Integer> servers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int server = take(board, SHORT);
      servers.add(server);
      board.give(server, ANSWER);
    }

    assertThat(servers.subList(0, 3)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(servers.subList(3, 6)).isEqualTo(servers.subList(0, 3));
  }

  @Test
  void recordsWithOneBeginningMeetAtOneServerAndGroupsSpread() {
    ReplicaBoard board = board(4, 100);
    Map<Integer, Integer> groupsOfServer = new HashMap<>();
    for (int group = 0; group < 80; group++) {
      int home = -1;
      for (int number = 0; number < 5; number++) {
        int server = take(board, body(group, number));
        board.give(server, ANSWER);
        assertThat(server).isEqualTo(home < 0 ? server : home);
        home = server;
      }
      groupsOfServer.merge(home, 1, Integer::sum);
    }

    assertThat(groupsOfServer).hasSize(4);
    assertThat(groupsOfServer.values()).allMatch(groups -> groups >= 8);
  }

  /** A job of one long prompt must not leave all servers idle but one. */
  @Test
  void oneBeginningForAllIsSharedOutEvenly() {
    ReplicaBoard board = board(4, 100);
    int[] inFlight = new int[4];
    for (int number = 0; number < 100; number++) {
      inFlight[take(board, body(1, number))]++;
    }

    assertThat(IntStream.of(inFlight)).allMatch(calls -> calls >= 23 && calls <= 29);
  }

  @Test
  void whenAServerComesOnlyWhatBelongsToItMoves() {
    int moved = 0;
    for (int group = 0; group < 100; group++) {
      int before = take(board(4, 100), body(group, 0));
      int after = take(board(5, 100), body(group, 0));
      assertThat(after == before || after == 4).isTrue();
      moved += after == before ? 0 : 1;
    }
    assertThat(moved).isBetween(8, 35);
  }

  @Test
  void aServerThatFailsRestsLongerEachTimeAndIsTriedByOneCall() {
    ReplicaBoard board = board(2, 100);
    int bad = take(board, SHORT);
    board.give(bad, SILENCE);
    assertThat(take(board, SHORT)).isNotEqualTo(bad);
    assertThat(take(board, SHORT)).isNotEqualTo(bad);

    passes(Duration.ofSeconds(1));
    assertThat(take(board, SHORT)).isEqualTo(bad);
    assertThat(take(board, SHORT)).as("one call tries it").isNotEqualTo(bad);
    board.give(bad, SILENCE);
    passes(Duration.ofMillis(1900));
    assertThat(take(board, SHORT)).isNotEqualTo(bad);

    passes(Duration.ofMillis(200));
    assertThat(take(board, SHORT)).isEqualTo(bad);
    board.give(bad, ANSWER);
    assertThat(take(board, SHORT)).as("it is well again").isEqualTo(bad);
    assertThat(take(board, SHORT)).isEqualTo(bad);
  }

  @Test
  void callsThatFailTogetherCountOnce() {
    ReplicaBoard board = board(2, 100);
    List<Integer> calls = IntStream.range(0, 40).mapToObj(_ -> take(board, SHORT)).toList();
    calls.stream().filter(server -> server == 0).forEach(_ -> board.give(0, SILENCE));

    passes(Duration.ofMillis(1001));
    assertThat(take(board, SHORT)).isZero();
  }

  @Test
  void whenAllHaveFailedOneIsAskedAllTheSame() {
    ReplicaBoard board = board(2, 100);
    board.give(take(board, SHORT), SILENCE);
    board.give(take(board, SHORT), SILENCE);

    assertThat(board.take(SHORT, NONE)).isInstanceOf(Turn.Call.class);
  }

  @Test
  void aServerThatNamesATimeIsLeftAloneForSoLong() {
    ReplicaBoard board = board(2, 100);
    int busy = take(board, SHORT);
    board.give(busy, new ModelReply.Overload(429, Duration.ofSeconds(5), "busy"));
    int other = take(board, SHORT);
    assertThat(other).isNotEqualTo(busy);
    board.give(other, new ModelReply.Overload(429, Duration.ofSeconds(3), "busy"));

    assertThat(board.take(SHORT, NONE)).isEqualTo(new Turn.Wait(Duration.ofSeconds(3)));
    passes(Duration.ofSeconds(3));
    assertThat(take(board, SHORT)).isEqualTo(other);
  }

  @Test
  void noServerHasMoreCallsThanItMay() {
    ReplicaBoard board = board(2, 3);
    int[] inFlight = new int[2];
    Random random = new Random(7);
    for (int step = 0; step < 2000; step++) {
      if (random.nextBoolean()) {
        switch (board.take(random.nextBoolean() ? SHORT : body(step % 3, step), NONE)) {
          case Turn.Call(int server) -> inFlight[server]++;
          case Turn.Wait _ -> assertThat(inFlight).containsExactly(3, 3);
        }
      } else {
        int server = random.nextInt(2);
        if (inFlight[server] > 0) {
          inFlight[server]--;
          board.give(server, ANSWER);
        }
      }
      assertThat(IntStream.of(inFlight)).allMatch(calls -> calls <= 3);
    }
  }
}
