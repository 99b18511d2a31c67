package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class FairLineTest {
  private final ReentrantLock lock = new ReentrantLock();
  private final FairLine line = new FairLine();
  private final Map<FairLine.Waiter, Turn> turns = new HashMap<>();

  private void join(String account, String job, long rank) {
    Turn turn = new Turn(account, job, rank);
    turns.put(line.join(turn, lock.newCondition()), turn);
  }

  /** Serves whoever is next, and returns on whose behalf. */
  private Turn serve() {
    FairLine.Waiter next = Objects.requireNonNull(line.next());
    Turn turn = Objects.requireNonNull(turns.remove(next));
    line.begun(turn);
    line.leave(next);
    return turn;
  }

  private List<String> serveJobs(int calls) {
    List<String> served = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      served.add(serve().job());
    }
    return served;
  }

  @Test
  void aJobThatComesLaterHasItsShareAtOnce() {
    for (int i = 0; i < 8; i++) {
      join("a", "large", i);
    }
    assertThat(serveJobs(4)).containsOnly("large");
    for (int i = 0; i < 4; i++) {
      join("a", "small", 100 + i);
    }
    // Until both have four calls.
    assertThat(serveJobs(4)).containsOnly("small");
    assertThat(serveJobs(2)).containsOnly("large");
  }

  @Test
  void withOnePlaceTwoJobsTakeTurns() {
    for (int i = 0; i < 3; i++) {
      join("a", "one", i);
      join("a", "other", i);
    }
    List<String> served = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Turn turn = serve();
      served.add(turn.job());
      line.ended(turn);
    }
    assertThat(served).containsExactly("one", "other", "one", "other", "one", "other");
  }

  @Test
  void anAccountOfManyJobsHasNoMoreThanOneOfOneJob() {
    for (int job = 0; job < 5; job++) {
      for (int i = 0; i < 20; i++) {
        join("many", "job" + job, i);
      }
    }
    for (int i = 0; i < 20; i++) {
      join("one", "only", i);
    }
    List<String> served = serveJobs(20);
    assertThat(Collections.frequency(served, "only")).isEqualTo(10);
    for (int job = 0; job < 5; job++) {
      assertThat(Collections.frequency(served, "job" + job)).isEqualTo(2);
    }
  }

  @Test
  void withinAJobTheLowestRankGoesFirstAndOfEqualOnesTheFirst() {
    join("a", "j", 2);
    join("a", "j", 1);
    join("a", "j", 3);
    assertThat(List.of(serve().rank(), serve().rank(), serve().rank())).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatNobodyElseWantsIsTheOthers() {
    for (int i = 0; i < 10; i++) {
      join("a", "large", i);
    }
    join("b", "tiny", 0);
    assertThat(serveJobs(11)).contains("tiny").hasSize(11);
    assertThat(line.next()).isNull();
    assertThat(line.size()).isZero();
  }

  /** With a seed, so that a failure can be played again. */
  @Test
  void twoJobsThatAlwaysWaitHaveAsManyCallsWhateverTheirLengths() {
    Random random = new Random(7);
    Map<String, Integer> inFlight = new HashMap<>(Map.of("x", 0, "y", 0));
    Deque<Turn> calls = new ArrayDeque<>();
    long most = 0;
    for (int step = 0; step < 10_000; step++) {
      for (String job : inFlight.keySet()) {
        join("a", job, step);
      }
      while (calls.size() < 16 && line.size() > 0) {
        Turn turn = serve();
        inFlight.merge(turn.job(), 1, Integer::sum);
        calls.add(turn);
      }
      if (step > 16) {
        most =
            Math.max(most, Math.abs(inFlight.getOrDefault("x", 0) - inFlight.getOrDefault("y", 0)));
      }
      int ending = random.nextInt(calls.size());
      for (int i = 0; i < ending; i++) {
        calls.add(calls.remove());
      }
      Turn ended = calls.remove();
      inFlight.merge(ended.job(), -1, Integer::sum);
      line.ended(ended);
    }
    assertThat(most).isLessThanOrEqualTo(2);
  }
}
