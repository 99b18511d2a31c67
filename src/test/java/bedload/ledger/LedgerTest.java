package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobSpec;
import bedload.job.JobStatus;
import bedload.job.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final AccountId ACCOUNT = AccountId.DEFAULT;
  private static final AccountId OTHER = new AccountId("111111111111");
  private static final String REGION = "us-east-1";

  private final SettableClock clock = new SettableClock();
  private Database database;
  private Books books;
  private Ledger ledger;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    books = Books.open(database.jdbi(), clock, RandomGenerator.getDefault());
    ledger = books.ledger();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aSubmittedJobReadsBackAsItWasAskedForWithItsEventAndItsFirstTask() {
    JobSpec spec = JobSpecs.of("job-1", "token-1");

    Job job = submit(spec);

    assertThat(job.spec()).isEqualTo(spec);
    assertThat(job.status()).isEqualTo(JobStatus.SUBMITTED);
    assertThat(job.submitTime()).isEqualTo(clock.instant());
    assertThat(ledger.find(ACCOUNT, REGION, job.id())).contains(job);
    assertThat(count("ledger.job_event where job_id = '" + job.id() + "'")).isEqualTo(1);
    assertThat(count("ledger.task where task_name = 'validate' and not picked")).isEqualTo(1);
  }

  @Test
  void theSameTokenGivesTheSameJobAndAnotherRequestUnderItNone() {
    Job job = submit(JobSpecs.of("job-1", "token-1"));

    assertThat(ledger.submit(ACCOUNT, REGION, JobSpecs.of("job-1", "token-1")))
        .isEqualTo(new SubmitResult.Repeated(job));
    assertThat(ledger.submit(ACCOUNT, REGION, JobSpecs.of("job-2", "token-1")))
        .isEqualTo(new SubmitResult.TokenReused(job));
    assertThat(ledger.submit(OTHER, REGION, JobSpecs.of("job-1", "token-1")))
        .isInstanceOf(SubmitResult.Submitted.class);
    assertThat(count("ledger.job")).isEqualTo(2);
  }

  @Test
  void aNameIsTakenUntilItsJobHasEnded() {
    Job job = submit(JobSpecs.of("nightly", "a"));

    assertThat(ledger.submit(ACCOUNT, REGION, JobSpecs.of("nightly", "b")))
        .isInstanceOf(SubmitResult.NameInUse.class);
    books.steps().fail(job.id(), "for the test");
    assertThat(ledger.submit(ACCOUNT, REGION, JobSpecs.of("nightly", "b")))
        .isInstanceOf(SubmitResult.Submitted.class);
  }

  @Test
  void sixtyFourRacingRequestsWithOneTokenMakeOneJob() throws Exception {
    List<SubmitResult> results =
        race(64, () -> ledger.submit(ACCOUNT, REGION, JobSpecs.of("raced", "token")));

    assertThat(results).filteredOn(SubmitResult.Submitted.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(SubmitResult.Repeated.class::isInstance).hasSize(63);
    assertThat(count("ledger.job")).isEqualTo(1);
    assertThat(count("ledger.task")).isEqualTo(1);
  }

  @Test
  void racingRequestsForOneNameMakeOneJob() throws Exception {
    List<SubmitResult> results =
        race(16, () -> ledger.submit(ACCOUNT, REGION, JobSpecs.named("raced")));

    assertThat(results).filteredOn(SubmitResult.Submitted.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(SubmitResult.NameInUse.class::isInstance).hasSize(15);
  }

  @Test
  void noAccountAndNoRegionSeesAnothersJobs() {
    Job job = submit(JobSpecs.named("mine"));

    assertThat(ledger.find(OTHER, REGION, job.id())).isEmpty();
    assertThat(ledger.find(ACCOUNT, "eu-west-1", job.id())).isEmpty();
    assertThat(ledger.list(OTHER, REGION, JobQuery.ALL, 10)).isEmpty();
    assertThat(ledger.stop(OTHER, REGION, job.id())).isEqualTo(new StopResult.NotFound());
  }

  @Test
  void pagesGiveEveryJobOnceInBothOrdersThoughOthersComeInBetween() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      // Pairs share an instant: the id breaks the tie.
      if (i % 2 == 0) {
        clock.advance(Duration.ofSeconds(1));
      }
      ids.add(submit(JobSpecs.named("job-" + i)).id());
    }
    int later = 0;
    for (boolean ascending : new boolean[] {true, false}) {
      List<JobId> seen = new ArrayList<>();
      JobQuery.Position after = null;
      List<Job> page;
      do {
        page =
            ledger.list(
                ACCOUNT, REGION, new JobQuery(null, "job-", null, null, ascending, after), 7);
        page.forEach(job -> seen.add(job.id()));
        if (!page.isEmpty()) {
          after = JobQuery.Position.of(page.getLast());
        }
        submit(JobSpecs.named("later-" + later++));
      } while (!page.isEmpty());
      assertThat(seen).containsExactlyInAnyOrderElementsOf(ids).doesNotHaveDuplicates();
    }
  }

  @Test
  void aListNarrowsByStatusNameAndTime() {
    Job first = submit(JobSpecs.named("alpha"));
    clock.advance(Duration.ofMinutes(1));
    Job second = submit(JobSpecs.named("beta"));
    books.steps().fail(first.id(), "for the test");

    assertThat(list(new JobQuery(JobStatus.FAILED, null, null, null, false, null)))
        .containsExactly(first.id());
    assertThat(list(new JobQuery(null, "et", null, null, false, null)))
        .containsExactly(second.id());
    // A name is text, not a pattern.
    assertThat(list(new JobQuery(null, "%", null, null, false, null))).isEmpty();
    assertThat(list(new JobQuery(null, null, second.submitTime(), null, false, null)))
        .containsExactly(second.id());
    assertThat(list(new JobQuery(null, null, null, first.submitTime(), false, null)))
        .containsExactly(first.id());
  }

  @Test
  void aJobThatNeverRanIsStoppedWithoutAnEndTime() {
    Job job = submit(JobSpecs.named("early"));

    StopResult result = ledger.stop(ACCOUNT, REGION, job.id());

    assertThat(result).isInstanceOf(StopResult.Stopping.class);
    assertThat(count("ledger.task where task_name = 'assemble'")).isEqualTo(1);
    books
        .steps()
        .end(job.id(), JobStatus.STOPPING, JobStatus.STOPPED, job.counts(), TokenUsage.UNKNOWN);
    Job stopped = ledger.find(ACCOUNT, REGION, job.id()).orElseThrow();
    assertThat(stopped.status()).isEqualTo(JobStatus.STOPPED);
    assertThat(stopped.endTime()).isNull();
    assertThat(ledger.stop(ACCOUNT, REGION, job.id()))
        .isEqualTo(new StopResult.AlreadyEnded(stopped));
  }

  @Test
  void eventsAreGivenOnceInOrderAsTheJobStoodThen() {
    Job job = submit(JobSpecs.named("watched"));
    books.steps().beginValidating(job.id());
    books.steps().fail(job.id(), "a reason");

    List<JobEvent> events =
        database
            .jdbi()
            .inTransaction(
                handle -> {
                  List<JobEvent> taken = Events.uncollected(handle, 10);
                  Events.markCollected(handle, taken);
                  return taken;
                });

    assertThat(events)
        .extracting(event -> event.job().status())
        .containsExactly(JobStatus.SUBMITTED, JobStatus.VALIDATING, JobStatus.FAILED);
    assertThat(events)
        .extracting(event -> event.job().message())
        .containsExactly(null, null, "a reason");
    assertThat(events.getLast().job().endTime()).isNotNull();
    assertThat(
            database
                .jdbi()
                .<List<JobEvent>, RuntimeException>inTransaction(
                    handle -> Events.uncollected(handle, 10)))
        .isEmpty();
  }

  @Test
  void tagsKeepTheirOrderAndTheirColons() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("z:a", "1");
    tags.put("a", "x:y");
    JobSpec plain = JobSpecs.named("tagged");
    JobSpec spec = JobSpecs.tagged(plain, tags);

    assertThat(submit(spec).spec().tags().keySet()).containsExactly("z:a", "a");
  }

  @Test
  void aChangeOfTagsIsAnEventThatIsNoStepAndChangesNothingElse() {
    Job job = submit(JobSpecs.named("tagged"));
    takeEvents();
    clock.advance(Duration.ofMinutes(1));

    books.tags().put(ACCOUNT, REGION, job.id(), Map.of("team", "data"));
    assertThat(takeEvents()).as("nothing changed").isEmpty();
    books.tags().put(ACCOUNT, REGION, job.id(), Map.of("team", "ml"));
    books.tags().remove(ACCOUNT, REGION, job.id(), List.of("nothing"));

    JobEvent event = takeEvents().getFirst();
    assertThat(event.isStep()).isFalse();
    assertThat(event.at()).isEqualTo(clock.instant());
    assertThat(event.job().spec().tags()).containsExactly(Map.entry("team", "ml"));
    assertThat(event.job()).isEqualTo(ledger.find(ACCOUNT, REGION, job.id()).orElseThrow());
    assertThat(event.job().lastModifiedTime()).isEqualTo(job.lastModifiedTime());
    assertThat(takeEvents()).isEmpty();
  }

  @Test
  void racingChangesOfTagsAllCountAndNeverPassTheLimit() throws Exception {
    Job job = submit(JobSpecs.named("tagged"));
    AtomicInteger number = new AtomicInteger();

    List<TagResult> results =
        race(
            64,
            () ->
                books
                    .tags()
                    .put(ACCOUNT, REGION, job.id(), Map.of("key-" + number.incrementAndGet(), "")));

    assertThat(results).filteredOn(TagResult.Tagged.class::isInstance).hasSize(49);
    assertThat(results).filteredOn(new TagResult.TooMany(51)::equals).hasSize(15);
    assertThat(ledger.find(ACCOUNT, REGION, job.id()).orElseThrow().spec().tags()).hasSize(50);
  }

  private List<JobEvent> takeEvents() {
    return database
        .jdbi()
        .inTransaction(
            handle -> {
              List<JobEvent> taken = Events.uncollected(handle, 10);
              Events.markCollected(handle, taken);
              return taken;
            });
  }

  private Job submit(JobSpec spec) {
    SubmitResult result = ledger.submit(ACCOUNT, REGION, spec);
    assertThat(result).isInstanceOf(SubmitResult.Submitted.class);
    return ((SubmitResult.Submitted) result).job();
  }

  private List<JobId> list(JobQuery query) {
    return ledger.list(ACCOUNT, REGION, query, 100).stream().map(Job::id).toList();
  }

  private int count(String from) {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery("select count(*) from " + from).mapTo(int.class).one());
  }

  private static <T> List<T> race(int threads, Callable<T> work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(
            executor.submit(
                () -> {
                  start.await();
                  return work.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }
}
