package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final QueueLimits ONE_A_MODEL = new QueueLimits(10, 1);
  private static final Map<String, Double> TEN_A_SECOND = Map.of("a", 10.0);

  private final List<Forecast.Entry> entries = new ArrayList<>();

  @Test
  void jobsOfAModelFollowEachOtherAtItsPace() {
    JobId runs = running("a", 100);
    JobId next = waiting("a", 200);
    JobId last = waiting("a", 50);

    Map<JobId, Forecast.Outlook> outlooks = play(ONE_A_MODEL, TEN_A_SECOND);

    assertThat(outlooks)
        .containsEntry(runs, new Forecast.Outlook(null, null, null, after(10)))
        .containsEntry(next, new Forecast.Outlook(1, 100L, after(10), after(30)))
        .containsEntry(last, new Forecast.Outlook(2, 300L, after(30), after(35)));
  }

  @Test
  void jobsThatRunAtOnceShareTheirModelsPace() {
    JobId small = running("a", 100);
    JobId large = running("a", 300);

    Map<JobId, Forecast.Outlook> outlooks = play(QueueLimits.DEFAULT, TEN_A_SECOND);

    // 5 a second each for 20 seconds, then 10 a second for the 200 that are left.
    assertThat(outlooks)
        .containsEntry(small, new Forecast.Outlook(null, null, null, after(20)))
        .containsEntry(large, new Forecast.Outlook(null, null, null, after(40)));
  }

  @Test
  void accountsShareAModelsPaceBeforeTheirJobsDo() {
    JobId only = add(entry("222222222222", "a", NOW, NOW.plus(Duration.ofHours(24)), NOW, 100));
    JobId one = running("a", 100);
    JobId other = running("a", 100);

    Map<JobId, Forecast.Outlook> outlooks = play(QueueLimits.DEFAULT, TEN_A_SECOND);

    // 5 a second for the one, 2.5 for each of the two, until the one has ended after 20 seconds.
    assertThat(outlooks)
        .containsEntry(only, new Forecast.Outlook(null, null, null, after(20)))
        .containsEntry(one, new Forecast.Outlook(null, null, null, after(30)))
        .containsEntry(other, new Forecast.Outlook(null, null, null, after(30)));
  }

  @Test
  void withoutAPaceThereArePlacesButNoTimes() {
    running("a", 100);
    JobId next = waiting("a", 200);
    JobId last = waiting("a", 50);

    Map<JobId, Forecast.Outlook> outlooks = play(ONE_A_MODEL, Map.of());

    assertThat(outlooks)
        .containsEntry(next, new Forecast.Outlook(1, 100L, null, null))
        .containsEntry(last, new Forecast.Outlook(2, 300L, null, null));
  }

  @Test
  void jobsOfOtherModelsAndAccountsAreNotBeforeIt() {
    running("a", 100);
    waiting("a", 200);
    JobId other = add(entry("222222222222", "b", NOW, NOW.plus(Duration.ofHours(24)), null, 70));

    assertThat(play(ONE_A_MODEL, Map.of("a", 10.0, "b", 7.0)))
        .containsEntry(other, new Forecast.Outlook(1, 0L, NOW, after(10)));
  }

  @Test
  void aJobWhoseTimeIsOverBeforeItsTurnEndsThenAndDoesNotStart() {
    running("a", 1_000);
    JobId hopeless = add(entry("111111111111", "a", NOW, after(60), null, 10));

    Forecast.Outlook outlook = play(ONE_A_MODEL, TEN_A_SECOND).get(hopeless);

    assertThat(outlook).isEqualTo(new Forecast.Outlook(1, 1_000L, null, after(60)));
  }

  @Test
  void aRunningJobEndsAtItsTimeoutAtTheLatest() {
    JobId slow = add(entry("111111111111", "a", NOW, after(60), NOW, 100_000));

    assertThat(play(ONE_A_MODEL, TEN_A_SECOND))
        .containsEntry(slow, new Forecast.Outlook(null, null, null, after(60)));
  }

  @Test
  void aThousandJobsAreReckonedWithinASecond() {
    for (int i = 0; i < QueuePlaces.WAITING_AT_MOST; i++) {
      add(
          entry(
              "%012d".formatted(i % 7), "m" + i % 5, NOW, NOW.plus(Duration.ofHours(24)), null, 9));
    }

    long start = System.nanoTime();
    Map<JobId, Forecast.Outlook> outlooks = play(QueueLimits.DEFAULT, Map.of("m1", 1.0));

    assertThat(outlooks).hasSize(QueuePlaces.WAITING_AT_MOST);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  private Map<JobId, Forecast.Outlook> play(QueueLimits limits, Map<String, Double> paces) {
    return new Forecast(NOW, limits, entries, paces, Map.of()).play();
  }

  private static Instant after(int seconds) {
    return NOW.plusSeconds(seconds);
  }

  private JobId running(String model, long toDo) {
    return add(
        entry(
            "111111111111",
            model,
            NOW.minusSeconds(60),
            NOW.plus(Duration.ofHours(24)),
            NOW.minusSeconds(30),
            toDo));
  }

  private JobId waiting(String model, long toDo) {
    return add(entry("111111111111", model, NOW, NOW.plus(Duration.ofHours(24)), null, toDo));
  }

  private Forecast.Entry entry(
      String account,
      String model,
      Instant submittedAt,
      Instant deadline,
      @Nullable Instant startedAt,
      long toDo) {
    JobId id = new JobId("job%09d".formatted(entries.size()));
    return new Forecast.Entry(id, account, model, submittedAt, deadline, startedAt, toDo);
  }

  private JobId add(Forecast.Entry entry) {
    entries.add(entry);
    return entry.id();
  }
}
