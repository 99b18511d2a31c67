package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void aSampleOfAllIsNoEstimate() {
    assertThat(Spread.ofSum(new double[] {1, 2, 3}, 3)).isEqualTo(new Spread(6, 6, 6));
  }

  @Test
  void oneValueHasNoUpperBound() {
    assertThat(Spread.ofSum(new double[] {2}, 10))
        .isEqualTo(new Spread(0, 20, Double.POSITIVE_INFINITY));
  }

  @Test
  void equalValuesLeaveNoDoubt() {
    assertThat(Spread.ofSum(new double[] {2, 2, 2}, 30)).isEqualTo(new Spread(60, 60, 60));
  }

  @Test
  void theBoundsHoldAboutNineteenTimesOfTwenty() {
    Random random = new Random(7);
    int records = 1000;
    int held = 0;
    for (int round = 0; round < 1000; round++) {
      double[] all = random.doubles(records).map(x -> 10 + 90 * x).toArray();
      double sum = 0;
      for (double value : all) {
        sum += value;
      }
      double[] sample = random.ints(50, 0, records).mapToDouble(i -> all[i]).toArray();
      Spread spread = Spread.ofSum(sample, records);
      if (spread.low() <= sum && sum <= spread.high()) {
        held++;
      }
    }
    assertThat(held / 1000.0).isCloseTo(0.95, within(0.03));
  }
}
