package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.CallAudit;
import bedload.FaultProxy;
import bedload.FaultProxy.Fault;
import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.model.ModelEntry;
import bedload.model.TestModelServer;
import bedload.model.body.Family;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that refuses, in the middle of a job, what it took or gave before: a right is gone. */
@Tag("slow")
class RefusedStoreTest {
  private static final Fault DENIED =
      new Fault.Refused(
          403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
  private static final Duration STEP = Duration.ofSeconds(10);
  private static final int RECORDS = 12;

  /** More than a node runs at once. */
  private static final int SHARDS = 60;

  @TempDir Path folder;
  private final ShiftedClock clock = new ShiftedClock();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile Predicate<FaultProxy.Seen> refused = _ -> false;
  private @Nullable FaultProxy network;
  private Path serverLog;
  private TestModelServer server;
  private TestNode node;

  @BeforeEach
  void open() throws IOException {
    serverLog = folder.resolve("calls.log");
    server = TestModelServer.start(_ -> new TestModelServer.Behaviour.Answer(20), serverLog);
    ModelEntry model =
        new ModelEntry("acme.chat", ModelEntry.Server.at(server.url(), "tiny"), Family.OPENAI_CHAT);
    node = new TestNode(folder, List.of(model), clock, this::throughFaults);
    node.start();
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    server.close();
    if (network != null) {
      network.close();
    }
  }

  private URI throughFaults(URI store) {
    FaultProxy proxy = FaultProxy.before(store, this::strike);
    network = proxy;
    return proxy.url();
  }

  private static boolean writesSegment(FaultProxy.Seen seen) {
    return seen.method().equals("PUT") && seen.target().contains("/in-progress/");
  }

  private static boolean writesPart(FaultProxy.Seen seen) {
    return seen.method().equals("PUT") && seen.target().contains("partNumber=");
  }

  private static boolean readsStretch(FaultProxy.Seen seen) {
    return seen.method().equals("GET") && seen.head().contains("ange: bytes=");
  }

  private Fault strike(FaultProxy.Seen seen) {
    if (!refused.test(seen)) {
      return new Fault.None();
    }
    refusals.incrementAndGet();
    return DENIED;
  }

  /**
   * Submits a job.
   *
   * @param paddingChars in each record; its output holds them, too
   */
  private Job submit(int paddingChars) {
    node.put("s3://input/refused.jsonl", records(0, RECORDS, "x".repeat(paddingChars)));
    return node.submit("refused", "acme.chat", "s3://input/refused.jsonl", "s3://output");
  }

  private static String records(int first, int count, String padding) {
    return IntStream.range(first, first + count)
        .mapToObj(CallAudit::id)
        .map(id -> CallAudit.chatRecord(id, padding))
        .collect(Collectors.joining());
  }

  /** Lets time pass until the job says that it is paused. */
  private String awaitPause(Job job) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              clock.advance(Duration.ofMillis(200));
              return String.valueOf(node.find(job.id()).message()).startsWith("Paused:");
            });
    return String.valueOf(node.find(job.id()).message());
  }

  private Job awaitEnd(Job job) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              clock.advance(STEP);
              return node.find(job.id()).status().isFinal();
            });
    return node.find(job.id());
  }

  private void isPausedAndThenWhole(Job job) throws IOException {
    assertThat(awaitPause(job)).contains("Access Denied", "No call is made meanwhile");
    isWholeOnceMended(job);
  }

  private void isWholeOnceMended(Job job) throws IOException {
    refused = _ -> false;
    Job ended = awaitEnd(job);

    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(ended.message()).isNull();
    assertThat(ended.counts()).isEqualTo(new RecordCounts(RECORDS, RECORDS, 0));
    List<String> lines =
        node.read("s3://output/" + job.id() + "/refused.jsonl.out").lines().toList();
    assertThat(CallAudit.of(serverLog, lines, 0, RECORDS)).isEqualTo(new CallAudit(0, 0, 0, 0, 0));
  }

  private Job failsInPlainWords(Job job, String wanted) {
    Job ended = awaitEnd(job);

    assertThat(refusals.get()).isGreaterThanOrEqualTo(StorePatience.LEAST_TRIES);
    assertThat(ended.status()).isEqualTo(JobStatus.FAILED);
    assertThat(String.valueOf(ended.message()))
        .startsWith(wanted)
        .contains("403 AccessDenied", "10 minutes");
    assertThat(ended.counts()).isEqualTo(new RecordCounts(RECORDS, 0, 0));
    return ended;
  }

  @Test
  void aSegmentThatIsRefusedForAWhileCostsNoCall() throws IOException {
    refused = RefusedStoreTest::writesSegment;

    isPausedAndThenWhole(submit(10));
  }

  /** A person may need a night to mend a policy. */
  @Test
  void segmentsThatAreRefusedForLongerThanPatienceCostNoCall() throws IOException {
    refused = RefusedStoreTest::writesSegment;
    Job job = submit(10);
    assertThat(awaitPause(job))
        .startsWith("Paused: the answers cannot be written")
        .contains(
            "until the job's time is over, at " + job.expirationTime().toString().substring(0, 16));

    outlast(job, StorePatience.TERM.multipliedBy(3));

    assertThat(server.received()).isEqualTo(RECORDS);
    isWholeOnceMended(job);
  }

  /** Lets time pass, in which the store refuses often and the job says so all the time. */
  private void outlast(Job job, Duration term) {
    letPass(
        term,
        () -> assertThat(String.valueOf(node.find(job.id()).message())).startsWith("Paused:"));
    assertThat(node.find(job.id()).status()).isEqualTo(JobStatus.IN_PROGRESS);
  }

  private void letPass(Duration term, Runnable atEachStep) {
    Instant later = clock.instant().plus(term);
    int before = refusals.get();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              clock.advance(STEP);
              atEachStep.run();
              return clock.instant().isAfter(later)
                  && refusals.get() > before + 2 * StorePatience.LEAST_TRIES;
            });
  }

  @Test
  void aNodeThatIsStartedAnewMeanwhileHasTheAnswers() throws IOException {
    refused = RefusedStoreTest::writesSegment;
    Job job = submit(10);
    awaitPause(job);

    node.stop();
    node.start();

    outlast(job, StorePatience.TERM.multipliedBy(2));
    isWholeOnceMended(job);
  }

  @Test
  void answersThatAreRefusedToTheEndAreLeftToPeople() throws IOException {
    refused = RefusedStoreTest::writesSegment;
    Job job = submit(10);
    awaitPause(job);

    clock.advance(job.spec().timeout());

    Job ended = awaitEnd(job);
    assertThat(ended.status()).isEqualTo(JobStatus.PARTIALLY_COMPLETED);
    assertThat(ended.counts()).isEqualTo(new RecordCounts(RECORDS, 0, 0));
    Path left = folder.resolve("unwritten/" + job.id());
    assertThat(ended.message())
        .startsWith("The object store refused answers to the end")
        .contains("403 AccessDenied", "kept for 7 days on node test-node, in " + left);
    List<String> lines = Files.readAllLines(left.resolve("shard-000000.jsonl"));
    assertThat(CallAudit.of(serverLog, lines, 0, RECORDS)).isEqualTo(new CallAudit(0, 0, 0, 0, 0));

    clock.advance(Unwritten.TERM.plus(STEP));

    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Files.notExists(left));
  }

  @Test
  void aJobWhoseStoreTakesNothingAtAllFailsAndTellsWhereItsAnswersAre() {
    refused = RefusedStoreTest::writesSegment;
    Job job = submit(10);
    awaitPause(job);
    refused = seen -> seen.target().startsWith("/output/");

    clock.advance(job.spec().timeout());

    Job ended = failsInPlainWords(job, "The outputs cannot be written");
    assertThat(ended.message()).contains(folder.resolve("unwritten/" + job.id()).toString());
  }

  @Test
  void aStoppedJobWhoseAnswersAreRefusedWaitsNoDay() {
    refused = RefusedStoreTest::writesSegment;
    Job job = submit(10);
    awaitPause(job);

    node.books.ledger().stop(TestNode.ACCOUNT, TestNode.REGION, job.id());

    Job ended = awaitEnd(job);
    assertThat(ended.status()).isEqualTo(JobStatus.STOPPED);
    assertThat(ended.message()).contains("kept for 7 days");
    assertThat(clock.instant()).isBefore(job.expirationTime());
  }

  /** All its shards would fill the node's places for a day, and pay for call after call. */
  @Test
  void aPausedJobPaysForNothingAndHoldsUpNobody() throws IOException {
    refused = seen -> writesSegment(seen) && seen.target().contains("/closed/");
    for (int input = 0; input < SHARDS; input++) {
      node.put("s3://input/many/%03d.jsonl".formatted(input), records(input, 1, "x"));
    }
    Job paused = node.submit("paused", "acme.chat", "s3://input/many/", "s3://output/closed");
    awaitPause(paused);
    outlast(paused, StorePatience.TERM);
    long paid = server.received();
    assertThat(paid).isLessThan(SHARDS);

    node.put("s3://input/other.jsonl", records(1_000, RECORDS, "x"));
    Job other = node.submit("other", "acme.chat", "s3://input/other.jsonl", "s3://output/open");

    assertThat(awaitEnd(other).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(server.received()).isEqualTo(paid + RECORDS);
    assertThat(node.find(paused.id()).status()).isEqualTo(JobStatus.IN_PROGRESS);

    refused = _ -> false;
    assertThat(awaitEnd(paused).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(server.received()).isEqualTo(SHARDS + RECORDS);
  }

  @Test
  void aPartThatIsRefusedForAWhileCostsNoCall() throws IOException {
    refused = RefusedStoreTest::writesPart;

    isPausedAndThenWhole(submit(900_000));
  }

  @Test
  void aPartThatIsRefusedForGoodFailsTheJob() {
    refused = RefusedStoreTest::writesPart;

    Job job = submit(900_000);
    assertThat(awaitPause(job))
        .contains("and until " + job.expirationTime().toString().substring(0, 16));

    // All is answered: it has the whole time of a job to be mended.
    outlast(job, StorePatience.TERM.multipliedBy(2));

    clock.advance(job.spec().timeout());

    failsInPlainWords(job, "The outputs cannot be written");
  }

  @Test
  void aStoppedJobWhoseOutputsAreRefusedWaitsNoDay() {
    refused = RefusedStoreTest::writesPart;
    Job job = submit(900_000);
    awaitPause(job);

    node.books.ledger().stop(TestNode.ACCOUNT, TestNode.REGION, job.id());

    assertThat(awaitEnd(job).status()).isEqualTo(JobStatus.FAILED);
    assertThat(clock.instant()).isBefore(job.expirationTime());
  }

  @Test
  void inputThatMayBeReadNoMoreForAWhileCostsNoCall() throws IOException {
    refused = RefusedStoreTest::readsStretch;

    isPausedAndThenWhole(submit(10));
  }

  @Test
  void inputThatMayNeverBeReadAgainFailsTheJob() {
    refused = RefusedStoreTest::readsStretch;

    failsInPlainWords(submit(10), "The input cannot be read");
    assertThat(server.received()).isZero();
  }

  /** What was answered before is paid for, and is in the outputs at the latest at the timeout. */
  @Test
  void inputThatMayBeReadNoMoreLosesNoAnswerThatThereIs() throws IOException {
    refused = seen -> readsStretch(seen) && seen.target().contains("/b.jsonl");
    node.put("s3://input/two/a.jsonl", records(0, RECORDS, "x"));
    node.put("s3://input/two/b.jsonl", records(RECORDS, RECORDS, "x"));
    Job job = node.submit("two", "acme.chat", "s3://input/two/", "s3://output");
    assertThat(awaitPause(job)).startsWith("Paused: the input cannot be read");

    letPass(StorePatience.TERM.multipliedBy(2), () -> {});
    assertThat(node.find(job.id()).status()).isEqualTo(JobStatus.IN_PROGRESS);

    clock.advance(job.spec().timeout());

    Job ended = awaitEnd(job);
    assertThat(ended.status()).isEqualTo(JobStatus.PARTIALLY_COMPLETED);
    assertThat(ended.counts()).isEqualTo(new RecordCounts(2 * RECORDS, RECORDS, 0));
    List<String> lines = node.read("s3://output/" + job.id() + "/a.jsonl.out").lines().toList();
    assertThat(CallAudit.of(serverLog, lines, 0, RECORDS)).isEqualTo(new CallAudit(0, 0, 0, 0, 0));
  }

  /** Its shard waits for the next try, and nobody runs it when the stop comes. */
  @Test
  void aJobThatIsStoppedBetweenTwoTriesEnds() {
    refused = RefusedStoreTest::readsStretch;
    Job job = submit(10);
    awaitPause(job);

    node.books.ledger().stop(TestNode.ACCOUNT, TestNode.REGION, job.id());

    assertThat(awaitEnd(job).status()).isEqualTo(JobStatus.STOPPED);
  }
}
