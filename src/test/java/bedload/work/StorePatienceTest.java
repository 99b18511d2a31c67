package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.JobId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StorePatienceTest {
  private static final JobId JOB = new JobId("abcdefghijkl");
  private static final JobId OTHER = new JobId("bcdefghijklm");

  private Instant now = Instant.EPOCH;
  private final StorePatience patience = new StorePatience(() -> now);

  private boolean isOverAfter(Duration pause, int tries) {
    boolean isOver = false;
    for (int i = 0; i < tries; i++) {
      isOver = patience.isOverAfter(JOB);
      now = now.plus(pause);
    }
    return isOver;
  }

  @Test
  void manyTriesInAShortTimeAreNotEnough() {
    assertThat(isOverAfter(Duration.ofSeconds(5), 100)).isFalse();
  }

  @Test
  void aLongTimeWithFewTriesIsNotEnough() {
    assertThat(isOverAfter(Duration.ofMinutes(9), StorePatience.LEAST_TRIES - 1)).isFalse();
  }

  @Test
  void bothAreEnough() {
    assertThat(isOverAfter(Duration.ofSeconds(30), 20)).isFalse();
    assertThat(patience.isOverAfter(JOB)).isTrue();
    assertThat(patience.isOverAfter(OTHER)).isFalse();
  }

  @Test
  void whatWasFoundAgainIsWaitedForAnew() {
    assertThat(isOverAfter(Duration.ofMinutes(1), 11)).isTrue();

    patience.forget(JOB);

    assertThat(patience.isOverAfter(JOB)).isFalse();
  }
}
