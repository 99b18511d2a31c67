package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void startAndEndOfAJobAreNoPartOfItsPlateau() {
    Pace pace = new Pace(1000);
    pace.saw(0, 0);
    pace.saw(10 * SECOND, 100);
    pace.saw(11 * SECOND, 300);
    pace.saw(12 * SECOND, 500);
    pace.saw(13 * SECOND, 700);
    pace.saw(60 * SECOND, 1000);

    assertThat(pace.plateau()).hasValue(200);
  }

  @Test
  void whoLookedTooSeldomKnowsNoPlateau() {
    Pace pace = new Pace(1000);
    pace.saw(0, 0);
    pace.saw(SECOND, 500);
    pace.saw(2 * SECOND, 1000);

    assertThat(pace.plateau()).isEmpty();
  }

  @Test
  void aCountThatStandsStillIsNoNewSight() {
    Pace pace = new Pace(1000);
    pace.saw(0, 300);
    pace.saw(SECOND, 300);
    pace.saw(2 * SECOND, 600);
    pace.saw(9 * SECOND, 600);

    assertThat(pace.plateau()).hasValue(150);
  }
}
