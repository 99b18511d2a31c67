package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SlotServerTest {
  private static final Offset<Double> NEARLY = Offset.offset(1e-9);

  @Test
  void callsThatComeOutEvenCanUseAllOfTheSlots() {
    assertThat(SlotServer.bestShare(form(4, false), 40)).isEqualTo(1, NEARLY);
  }

  /** Nine calls need three turns of four slots, the last of which three slots spend idle. */
  @Test
  void theLastTurnLeavesSlotsIdle() {
    assertThat(SlotServer.bestShare(form(4, false), 9)).isEqualTo(9 / 12.0, NEARLY);
  }

  @Test
  void answersOfDifferentLengthLeaveMoreIdleTheShorterTheJobIs() {
    double shortJob = SlotServer.bestShare(form(64, true), 640);
    double longJob = SlotServer.bestShare(form(64, true), 64_000);

    assertThat(shortJob).isBetween(0.5, 0.95);
    assertThat(longJob).isBetween(0.99, 1.0);
  }

  private static SlotServer.Form form(int slots, boolean varied) {
    return new SlotServer.Form(slots, Duration.ofMillis(10), varied, false);
  }
}
