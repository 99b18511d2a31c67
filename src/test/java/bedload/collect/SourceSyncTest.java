package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.catalog.Catalog;
import bedload.catalog.ResourceTypes;
import bedload.catalog.Right;
import bedload.catalog.SourceStatus;
import bedload.catalog.Sources;
import bedload.catalog.SyncOutcome;
import bedload.collect.ProviderReply.Refused;
import bedload.collect.ProviderReply.Throttled;
import bedload.collect.ProviderReply.Unavailable;
import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an account's jobs are in the catalog after one sync and the next. */
class SourceSyncTest {
  private static final String ACCOUNT = "111122223333";
  private static final String VIEWER = "000000000000";
  private static final String LIST = "ListModelInvocationJobs";
  private static final String GET = "GetModelInvocationJob";
  private static final String TAGS = "ListTagsForResource";
  private static final Refused DENIED =
      new Refused("AccessDeniedException", "AccessDeniedException: no");

  private final Database database = TestDatabase.create();
  private final FakeBedrock bedrock = new FakeBedrock(ACCOUNT, "us-east-1", 10);
  private final Turning time = new Turning();
  private final Sources sources = new Sources(database.jdbi(), time);
  private Catalog catalog;

  /** A clock that only a wait moves. */
  private static final class Turning implements InstantSource {
    private Instant now = FakeBedrock.START.plus(Duration.ofDays(1));

    @Override
    public Instant instant() {
      return now;
    }

    boolean pass(Duration duration) {
      now = now.plus(duration);
      return true;
    }

    long nanos() {
      return Duration.between(Instant.EPOCH, now).toNanos();
    }
  }

  @BeforeEach
  void open() {
    catalog =
        Catalog.open(
            database.jdbi(),
            ResourceTypes.builtIn().stream()
                .filter(type -> type.table().equals("aws_bedrock_model_invocation_job"))
                .toList());
    catalog.admit(VIEWER, Right.of(Set.of(VIEWER, ACCOUNT), Set.of(VIEWER, ACCOUNT)), "secret");
    sources.declare("node", List.of(source().declared()));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Source source() {
    return new Source(
        new AccountId(ACCOUNT),
        "us-east-1",
        new SourceAccess.Environment(),
        null,
        Duration.ofMinutes(5),
        100);
  }

  private SyncOutcome sync() {
    time.pass(Duration.ofMinutes(10));
    CallPace pace = new CallPace(source().callsPerSecond(), time::nanos);
    return new SourceSync(
            source(),
            bedrock,
            pace,
            time::pass,
            new Random(1),
            database.jdbi(),
            catalog,
            sources,
            time)
        .run(sources.claimDue("node").orElseThrow());
  }

  private SourceStatus status() {
    return sources.seenBy(VIEWER).getFirst();
  }

  @Test
  void everyPageIsCollectedOnceAndTheNextSyncAsksOnlyForWhatIsNew() {
    for (int i = 0; i < 35; i++) {
      bedrock.job("job-" + i, "Completed", 10 * i);
    }
    SyncOutcome first = sync();
    assertThat(first.counts().fresh()).isEqualTo(35);
    assertThat(bedrock.callsSinceLast()).containsExactly(LIST, LIST, LIST, LIST);

    bedrock.job("job-35", "Completed", 355);
    SyncOutcome second = sync();

    assertThat(bedrock.callsSinceLast()).containsExactly(LIST);
    assertThat(second.counts().fresh()).isEqualTo(1);
    assertThat(second.counts().changed()).isZero();
    assertThat(rows()).hasSize(36);
    assertThat(status().newRows()).isEqualTo(1);
    assertThat(status().unchangedRows()).isBetween(1, 7);
    assertThat(status().calls()).isEqualTo(1);
  }

  @Test
  void nextPagesAreAskedForWhileOneIsWrittenButOnlyAFew() throws Exception {
    for (int i = 0; i < 125; i++) {
      bedrock.job("job-" + i, "Completed", 10 * i);
    }
    AtomicReference<SyncOutcome> outcome = new AtomicReference<>();
    Thread syncing = new Thread(() -> outcome.set(sync()));
    database
        .jdbi()
        .useTransaction(
            handle -> {
              handle.execute("lock table catalog_store.source_cursor in share mode");
              syncing.start();
              // Nothing can be written as long as the lock is held: at most three pages are to be
              // written then, three wait for that, and one has nowhere to go.
              await().atMost(Duration.ofSeconds(5)).until(() -> bedrock.calls() >= 5);
              assertThat(rows()).isEmpty();
              await()
                  .during(Duration.ofMillis(200))
                  .atMost(Duration.ofSeconds(5))
                  .until(() -> bedrock.calls() <= 7);
            });
    syncing.join();

    assertThat(outcome.get().counts().fresh()).isEqualTo(125);
    assertThat(bedrock.calls()).isEqualTo(13);
  }

  @Test
  void jobThatHadNotEndedIsLookedAtAgainHoweverOldItIs() {
    bedrock.job("old", "InProgress", 0);
    for (int i = 1; i < 40; i++) {
      bedrock.job("job-" + i, "Completed", 10 * i);
    }
    sync();
    bedrock.callsSinceLast();
    bedrock.job("old", "Completed", 0);

    SyncOutcome second = sync();

    // One question is cheaper than the four pages that lie between.
    assertThat(bedrock.callsSinceLast()).containsExactly(GET, LIST);
    assertThat(second.counts().changed()).isEqualTo(1);
    assertThat(rows()).contains("old Completed aws");
    sync();
    assertThat(bedrock.callsSinceLast()).containsExactly(LIST);
  }

  @Test
  void manyThatHadNotEndedAreListedAgainInsteadOfAskedForOneByOne() {
    for (int i = 0; i < 20; i++) {
      bedrock.job("job-" + i, "InProgress", i);
    }
    bedrock.job("late", "Completed", 300);
    sync();
    for (int i = 0; i < 20; i++) {
      bedrock.job("job-" + i, "Completed", i);
    }
    bedrock.callsSinceLast();

    assertThat(sync().counts().changed()).isEqualTo(20);

    assertThat(bedrock.callsSinceLast()).containsExactly(LIST, LIST, LIST);
  }

  @Test
  void tagsAreAskedForWhileAJobRunsAndKeptAfter() {
    bedrock.job("job", "InProgress", 0);
    bedrock.tag("job", "team", "search");
    sync();
    assertThat(bedrock.callsSinceLast()).containsExactly(LIST, TAGS);
    assertThat(tags()).containsExactly("{team:search}");

    bedrock.job("job", "Completed", 0);
    sync();

    assertThat(bedrock.callsSinceLast()).doesNotContain(TAGS);
    assertThat(rows()).containsExactly("job Completed aws");
    assertThat(tags()).containsExactly("{team:search}");
  }

  @Test
  void jobThatIsListedNoMoreIsKept() {
    bedrock.job("one", "Completed", 0);
    bedrock.job("two", "InProgress", 0);
    sync();
    bedrock.forget("one");
    bedrock.forget("two");

    assertThat(sync().error()).isNull();

    assertThat(rows()).containsExactly("one Completed aws", "two InProgress aws");
  }

  @Test
  void hundredComplaintsSlowTheSyncDownAndLoseNothing() {
    for (int i = 0; i < 35; i++) {
      bedrock.job("job-" + i, "Completed", i);
    }
    bedrock.firstAnswer(new Throttled("ThrottlingException: slow down"), 100);
    Instant began = time.instant();

    SyncOutcome outcome = sync();

    assertThat(outcome.error()).isNull();
    assertThat(outcome.throttled()).isEqualTo(100);
    assertThat(outcome.calls()).isEqualTo(104);
    assertThat(Duration.between(began, time.instant())).isGreaterThan(Duration.ofMinutes(10));
    assertThat(rows()).hasSize(35);
  }

  @Test
  void listingThatBrokeOffGoesOnWhereItWas() {
    for (int i = 0; i < 35; i++) {
      bedrock.job("job-" + i, "Completed", 100 * i);
    }
    bedrock.breakAfter(2, new Unavailable("no connection: Connection refused"), 4);
    sync();
    assertThat(rows()).hasSize(20);
    assertThat(status().error()).contains("gets no answer", "no connection", ACCOUNT, "us-east-1");
    assertThat(status().lastSuccessAt()).isNull();
    assertThat(status().nextAt()).isEqualTo(time.instant().plus(Duration.ofMinutes(1)));
    bedrock.callsSinceLast();

    assertThat(sync().error()).isNull();

    assertThat(bedrock.callsSinceLast()).containsExactly(LIST, LIST);
    assertThat(rows()).hasSize(35);
    assertThat(status().error()).isNull();
  }

  @Test
  void refusalIsToldWithWhatToDoAndTagsThatMayNotBeReadCostNoRows() {
    bedrock.firstAnswer(DENIED, 1);
    assertThat(sync().error())
        .contains(LIST, "is refused", "AccessDeniedException", "bedload sync --policy");

    bedrock.job("job", "InProgress", 0);
    bedrock.breakAfter(1, DENIED, 1);
    SyncOutcome outcome = sync();

    assertThat(outcome.error()).contains(TAGS, "is refused");
    assertThat(rows()).containsExactly("job InProgress aws");
  }

  @Test
  void rowsOfAnotherAccountThanTheSettingsNameAreRefused() {
    FakeBedrock other = new FakeBedrock("999999999999", "us-east-1", 10);
    other.job("secret", "Completed", 0);
    SourceSync sync =
        new SourceSync(
            source(),
            other,
            new CallPace(100, time::nanos),
            time::pass,
            new Random(1),
            database.jdbi(),
            catalog,
            sources,
            time);

    SyncOutcome outcome = sync.run(sources.claimDue("node").orElseThrow());

    assertThat(outcome.error()).contains("are of account 999999999999");
    assertThat(rows()).isEmpty();
  }

  @Test
  void everythingIsListedAnewOnceAWeekToHealGaps() {
    bedrock.job("job-0", "Completed", 0);
    bedrock.job("job-2", "Completed", 600);
    sync();
    // Shown long after the overlap: no listing of what is new can find it.
    bedrock.job("job-1", "Completed", 60);
    sync();
    assertThat(rows()).hasSize(2);

    time.pass(Duration.ofDays(7));
    sync();

    assertThat(rows()).hasSize(3);
  }

  @Test
  void sourceIsDueAgainAfterItsTimeOrAtOnceWhenSomebodyAsksWhoMaySeeIt() {
    sync();
    assertThat(sources.claimDue("node")).isEmpty();
    assertThat(sources.syncNow("222222222222", ACCOUNT, null)).isEmpty();
    assertThat(sources.claimDue("node")).isEmpty();

    time.pass(Duration.ofSeconds(1));
    Instant asked = sources.syncNow(VIEWER, ACCOUNT, "us-east-1").orElseThrow();
    assertThat(status().hasEndedSince(asked)).isFalse();
    sync();

    assertThat(status().hasEndedSince(asked)).isTrue();
    time.pass(Duration.ofMinutes(5));
    assertThat(sources.claimDue("node")).isPresent();
    assertThat(sources.claimDue("other")).as("while another holds it").isEmpty();
    assertThat(status().isRunning()).isTrue();
    time.pass(Duration.ofMinutes(4));
    assertThat(sources.claimDue("other")).as("after its holder fell silent").isPresent();
  }

  private List<String> rows() {
    return texts(
        """
        select job_name || ' ' || status || ' ' || source
          from catalog.aws_bedrock_model_invocation_job
          join catalog.aws_bedrock_model_invocation_job_provenance using (job_arn, job_name)
         order by job_name
        """);
  }

  private List<String> tags() {
    return texts("select tags::text from catalog.aws_bedrock_model_invocation_job");
  }

  private List<String> texts(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }
}
