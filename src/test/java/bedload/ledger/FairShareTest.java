package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairShareTest {
  @Test
  void whoWantsLittleGetsItAndTheOthersGetAlike() {
    assertThat(FairShare.of(300, 1000, List.of(1000, 1000))).isEqualTo(100);
    assertThat(FairShare.of(300, 1000, List.of(20, 1000))).isEqualTo(140);
    assertThat(FairShare.of(300, 20, List.of(1000, 1000))).isEqualTo(20);
    assertThat(FairShare.of(300, 0, List.of())).isEqualTo(300);
  }

  @Test
  void whatNobodyWantsIsSharedOut() {
    assertThat(FairShare.of(300, 30, List.of(0, 0))).isEqualTo(120);
    assertThat(FairShare.of(300, 0, List.of(30, 0))).isEqualTo(90);
  }

  /** With seeds, so that a failure can be played again. */
  @Test
  void sharesOfAllNodesNeverSumToMoreThanTheLimitIfEachWantsSomethingElse() {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      int limit = random.nextInt(1, 500);
      List<Integer> wanted =
          random.ints(0, 1000).distinct().limit(random.nextInt(1, 9)).boxed().toList();
      int sum = 0;
      for (int i = 0; i < wanted.size(); i++) {
        List<Integer> others = new ArrayList<>(wanted.subList(0, i));
        others.addAll(wanted.subList(i + 1, wanted.size()));
        sum += FairShare.of(limit, wanted.get(i), others);
      }
      assertThat(sum).as("seed %d", seed).isLessThanOrEqualTo(limit);
    }
  }
}
