package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardPlacesTest {
  private static final JobId LARGE = new JobId("large0000001");
  private static final JobId SMALL = new JobId("small0000001");
  private static final JobId LATE = new JobId("late00000001");

  private Set<JobId> withoutPlace = Set.of();
  private int looks;
  private long now;
  private final ShardPlaces places =
      new ShardPlaces(
          3,
          () -> {
            looks++;
            return withoutPlace;
          },
          () -> now);

  private List<ShardPlaces.Place> take(JobId... jobs) {
    List<ShardPlaces.Place> taken = new ArrayList<>();
    for (JobId job : jobs) {
      taken.add(places.take(job));
    }
    return taken;
  }

  /** Asks for each place, a second later than the last time. */
  private List<Boolean> wantedBack(List<ShardPlaces.Place> taken) {
    now += Duration.ofSeconds(1).toNanos();
    taken.getFirst().isWantedBack();
    return taken.stream().map(ShardPlaces.Place::isWantedBack).toList();
  }

  @Test
  void theLastPlaceOfTheJobThatHasMostIsWantedBackOnceAJobHasWaitedForTwoLooks() {
    List<ShardPlaces.Place> taken = take(LARGE, SMALL, LARGE);
    withoutPlace = Set.of(LATE);

    assertThat(wantedBack(taken)).containsExactly(false, false, false);
    assertThat(wantedBack(taken)).containsExactly(false, false, true);
    // One is enough for one.
    assertThat(wantedBack(taken)).containsExactly(false, false, true);
  }

  @Test
  void nobodyIsAskedWhoHasOnlyOne() {
    List<ShardPlaces.Place> taken = take(LARGE, SMALL, new JobId("third0000001"));
    withoutPlace = Set.of(LATE);

    assertThat(wantedBack(taken)).doesNotContain(true);
    assertThat(wantedBack(taken)).doesNotContain(true);
  }

  @Test
  void nobodyLooksWhileThereIsAPlaceOrTooOften() {
    List<ShardPlaces.Place> taken = new ArrayList<>(take(LARGE, LARGE));
    withoutPlace = Set.of(LATE);
    wantedBack(taken);
    assertThat(looks).isZero();

    taken.addAll(take(LARGE));
    wantedBack(taken);
    wantedBack(taken);
    assertThat(looks).isEqualTo(2);
    taken.getFirst().isWantedBack();
    assertThat(looks).isEqualTo(2);

    taken.removeLast().close();
    wantedBack(taken);
    assertThat(looks).isEqualTo(2);
  }

  @Test
  void whoWasOnlyPassingAtOneLookWantsNothing() {
    List<ShardPlaces.Place> taken = take(LARGE, LARGE, LARGE);
    withoutPlace = Set.of(SMALL);
    wantedBack(taken);
    withoutPlace = Set.of(LATE);
    assertThat(wantedBack(taken)).doesNotContain(true);
    withoutPlace = Set.of();
    assertThat(wantedBack(taken)).doesNotContain(true);
  }
}
