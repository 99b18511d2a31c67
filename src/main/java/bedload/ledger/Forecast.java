package bedload.ledger;

import bedload.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What will become of the queue if everything goes on at the pace of late: {@link Queue}'s choices,
 * played through without a database. The accounts that have jobs of a model run share its pace
 * evenly, and so do an account's jobs of it. Not thread-safe, good for one {@link #play}.
 */
final class Forecast {
  /** So long that it is no estimate but a way to say that nothing moves. */
  private static final double ENDLESS_SECONDS = Duration.ofDays(365).toSeconds();

  /** Where no pace is known the order of starts is still wanted, and any pace gives it. */
  private static final double ANY_RECORDS_PER_SECOND = 100;

  private static final int FACTOR_OF_URGENCY = 10;

  /**
   * A job that waits or runs.
   *
   * @param toDo the records that are not done yet
   */
  record Entry(
      JobId id,
      String account,
      String model,
      Instant submittedAt,
      Instant deadline,
      @Nullable Instant startedAt,
      long toDo) {}

  /**
   * What is in store for a job.
   *
   * @param position null if it runs already
   * @param aheadRecords null if it runs already
   * @param start null if it runs already, is unknown, or never comes
   * @param end null if unknown
   */
  record Outlook(
      @Nullable Integer position,
      @Nullable Long aheadRecords,
      @Nullable Instant start,
      @Nullable Instant end) {}

  /** A job that has a place, in the play. */
  private static final class Running {
    private final Entry entry;
    private final boolean isTimeKnown;
    private double toDo;
    private double pace;
    private double secondsLeft;

    Running(Entry entry, boolean isTimeKnown) {
      this.entry = entry;
      this.isTimeKnown = isTimeKnown;
      this.toDo = entry.toDo();
    }
  }

  private final Instant now;
  private final QueueLimits limits;
  private final Map<String, Double> paces;
  private final Map<String, Instant> lastServed;
  private final List<Running> running = new ArrayList<>();
  private final List<Entry> waiting;
  private final Ahead ahead = new Ahead();
  private final Map<JobId, Outlook> outlooks = new LinkedHashMap<>();
  private double seconds;

  /**
   * @param paces records a second of each model for all its jobs together; absent if unknown
   * @param lastServed when a job of each account was started last; absent if never
   */
  Forecast(
      Instant now,
      QueueLimits limits,
      List<Entry> entries,
      Map<String, Double> paces,
      Map<String, Instant> lastServed) {
    this.now = now;
    this.limits = limits;
    this.paces = paces;
    this.lastServed = new HashMap<>(lastServed);
    for (Entry entry : entries) {
      if (entry.startedAt() != null) {
        // A job with nothing left to do is about to end, however slow its model is.
        running.add(new Running(entry, entry.toDo() == 0 || paces.containsKey(entry.model())));
        ahead.add(entry, 0);
      }
    }
    this.waiting =
        new ArrayList<>(entries.stream().filter(entry -> entry.startedAt() == null).toList());
  }

  /** Returns the outlook of every job, those that run first and then in the order of starts. */
  Map<JobId, Outlook> play() {
    running.forEach(each -> outlooks.put(each.entry.id(), new Outlook(null, null, null, null)));
    fillPlaces(true);
    while (!running.isEmpty()) {
      Running ended = passToNextEnd();
      recordEnd(ended);
      fillPlaces(ended.isTimeKnown);
    }
    return outlooks;
  }

  /** Lets all jobs run until the first of them ends, and returns that one. */
  private Running passToNextEnd() {
    Map<List<String>, Integer> jobs = count(Forecast::side);
    Map<String, Integer> accounts = new HashMap<>();
    jobs.keySet().forEach(side -> accounts.merge(side.getFirst(), 1, Integer::sum));
    running.forEach(each -> each.pace = pace(each.entry, accounts, jobs));
    running.forEach(each -> each.secondsLeft = secondsLeft(each));
    Running first =
        running.stream().min(Comparator.comparingDouble(each -> each.secondsLeft)).orElseThrow();
    double pass = first.secondsLeft;
    running.forEach(each -> each.toDo -= pass * each.pace);
    seconds += pass;
    running.remove(first);
    return first;
  }

  /** Returns what of a model's calls is an account's. */
  private static List<String> side(Entry entry) {
    return List.of(entry.model(), entry.account());
  }

  private double pace(Entry entry, Map<String, Integer> accounts, Map<List<String>, Integer> jobs) {
    return paces.getOrDefault(entry.model(), ANY_RECORDS_PER_SECOND)
        / accounts.getOrDefault(entry.model(), 1)
        / jobs.getOrDefault(side(entry), 1);
  }

  private double secondsLeft(Running each) {
    double toDeadline = secondsUntil(each.entry.deadline()) - seconds;
    return Math.clamp(each.toDo / each.pace, 0, Math.max(0, toDeadline));
  }

  private void recordEnd(Running each) {
    if (each.isTimeKnown && seconds < ENDLESS_SECONDS) {
      outlooks.computeIfPresent(
          each.entry.id(),
          (_, soFar) -> new Outlook(soFar.position(), soFar.aheadRecords(), soFar.start(), time()));
    }
  }

  private void fillPlaces(boolean isTimeKnown) {
    dropExpired();
    Map<String, Integer> ofAccount = count(Entry::account);
    Map<String, Integer> ofModel = count(Entry::model);
    while (true) {
      Optional<Entry> next = next(ofAccount, ofModel);
      if (next.isEmpty()) {
        return;
      }
      Entry entry = next.get();
      waiting.remove(entry);
      outlooks.put(
          entry.id(),
          new Outlook(
              ahead.jobs(entry) + 1,
              ahead.records(entry),
              isTimeKnown && seconds < ENDLESS_SECONDS ? time() : null,
              null));
      ahead.add(entry, 1);
      running.add(new Running(entry, isTimeKnown && paces.containsKey(entry.model())));
      ofAccount.merge(entry.account(), 1, Integer::sum);
      ofModel.merge(entry.model(), 1, Integer::sum);
      // Starts at one moment still come one after another.
      lastServed.put(entry.account(), time().plusNanos(outlooks.size()));
    }
  }

  /** A job whose time is over is not started; what is known of it is that it ends then. */
  private void dropExpired() {
    for (Entry entry : List.copyOf(waiting)) {
      if (secondsUntil(entry.deadline()) <= seconds) {
        waiting.remove(entry);
        outlooks.put(
            entry.id(),
            new Outlook(ahead.jobs(entry) + 1, ahead.records(entry), null, entry.deadline()));
      }
    }
  }

  /** The rules are those of {@link Queue}, in the same order. */
  private Optional<Entry> next(Map<String, Integer> ofAccount, Map<String, Integer> ofModel) {
    return waiting.stream()
        .filter(
            entry ->
                ofAccount.getOrDefault(entry.account(), 0) < limits.runningPerAccount()
                    && ofModel.getOrDefault(entry.model(), 0) < limits.runningPerModel())
        .min(
            Comparator.comparing((Entry entry) -> !isUrgent(entry))
                .thenComparing(entry -> ofAccount.getOrDefault(entry.account(), 0))
                .thenComparing(entry -> lastServed.getOrDefault(entry.account(), Instant.MIN))
                .thenComparing(Entry::submittedAt)
                .thenComparing(entry -> entry.id().value()));
  }

  private boolean isUrgent(Entry entry) {
    double whole = secondsUntil(entry.deadline()) - secondsUntil(entry.submittedAt());
    return secondsUntil(entry.deadline()) - seconds < whole / FACTOR_OF_URGENCY;
  }

  private <K> Map<K, Integer> count(Function<Entry, K> of) {
    Map<K, Integer> counts = new HashMap<>();
    running.forEach(each -> counts.merge(of.apply(each.entry), 1, Integer::sum));
    return counts;
  }

  private double secondsUntil(Instant moment) {
    return moment.getEpochSecond()
        - now.getEpochSecond()
        + (moment.getNano() - now.getNano()) / 1e9;
  }

  private Instant time() {
    return now.plusNanos((long) (Math.min(seconds, ENDLESS_SECONDS) * 1e9));
  }

  /** How much is before a job that waits for the same model or belongs to the same account. */
  private static final class Ahead {
    private final Map<List<String>, Integer> jobs = new HashMap<>();
    private final Map<List<String>, Long> records = new HashMap<>();

    void add(Entry entry, int countedJobs) {
      for (List<String> key : keys(entry)) {
        jobs.merge(key, countedJobs, Integer::sum);
        records.merge(key, entry.toDo(), Long::sum);
      }
    }

    int jobs(Entry entry) {
      List<List<String>> keys = keys(entry);
      // What has both in common was counted with each.
      return jobs.getOrDefault(keys.get(0), 0)
          + jobs.getOrDefault(keys.get(1), 0)
          - jobs.getOrDefault(keys.get(2), 0);
    }

    long records(Entry entry) {
      List<List<String>> keys = keys(entry);
      return records.getOrDefault(keys.get(0), 0L)
          + records.getOrDefault(keys.get(1), 0L)
          - records.getOrDefault(keys.get(2), 0L);
    }

    private static List<List<String>> keys(Entry entry) {
      return List.of(
          List.of("account", entry.account()),
          List.of("model", entry.model()),
          List.of("both", entry.account(), entry.model()));
    }
  }
}
