package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.CallAudit;
import bedload.FaultProxy;
import bedload.FaultProxy.Fault;
import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.ledger.QueueLimits;
import bedload.model.ModelEntry;
import bedload.model.Patience;
import bedload.model.TestModelServer;
import bedload.model.body.Family;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An object store that fails in every way, at every use that the engine makes of it. All jobs run
 * at once, each with its own fault, on one node; each ends as if nothing had been, and no call is
 * made twice.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreFaultsTest {
  private static final int INPUTS = 2;
  private static final int RECORDS_PER_INPUT = 10;
  private static final int RECORDS = INPUTS * RECORDS_PER_INPUT;

  /** More than one operation tries by itself, so that the job's own steps must come again. */
  private static final int HITS = 5;

  /** With this much in a record an output is larger than a part of a multipart upload. */
  private static final int PADDING = 900_000;

  /** A use that the engine makes of the store. */
  enum Place {
    VALIDATION,
    READ,
    LOOK,
    SEGMENT,
    SEGMENT_READ,
    PART,
    COMPLETION,
    MANIFEST;

    boolean isUsedBy(FaultProxy.Seen seen) {
      String target = seen.target();
      return switch (this) {
        case VALIDATION -> seen.method().equals("GET") && isInput(seen) && !isStretch(seen);
        case READ -> seen.method().equals("GET") && isInput(seen) && isStretch(seen);
        case LOOK -> seen.method().equals("HEAD") && isInput(seen);
        case SEGMENT -> seen.method().equals("PUT") && target.contains("/in-progress/");
        case SEGMENT_READ -> seen.method().equals("GET") && target.contains("/in-progress/");
        case PART -> seen.method().equals("PUT") && target.contains("partNumber=");
        case COMPLETION -> seen.method().equals("POST") && target.matches(".*[?&]uploadId=[^&]+.*");
        case MANIFEST -> seen.method().equals("PUT") && target.contains("manifest.json.out");
      };
    }

    private static boolean isInput(FaultProxy.Seen seen) {
      return seen.target().startsWith("/input/") && seen.target().contains(".jsonl");
    }

    private static boolean isStretch(FaultProxy.Seen seen) {
      return seen.head().contains("ange: bytes=");
    }
  }

  /**
   * One job's misfortune.
   *
   * @param hits how often it strikes
   */
  record Misfortune(Place place, String name, Fault fault, int hits) {
    /** Returns what places of this job are called by. */
    String id() {
      return (place + "-" + name).toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
      return id();
    }
  }

  private static final Fault ERROR_500 =
      refused(500, "InternalError", "We encountered an internal error. Please try again.");
  private static final Fault SLOW_DOWN = refused(503, "SlowDown", "Please reduce your rate.");
  private static final Fault EXPIRED =
      refused(403, "ExpiredToken", "The provided token has expired.");
  private static final Fault SKEWED =
      refused(403, "RequestTimeTooSkewed", "The difference between the times is too large.");
  private static final Fault NOT_FOUND = refused(404, "NoSuchKey", "The key does not exist.");
  private static final Fault ERROR_IN_200 =
      new Fault.Refused(200, error("InternalError", "Please try again."));

  private static final Fault NO_COPIES =
      refused(
          501, "NotImplemented", "A header you provided implies functionality that is not here.");

  private static final Fault UPLOAD_GONE =
      new Fault.Belied(404, error("NoSuchUpload", "The upload does not exist."));

  static Stream<Misfortune> misfortunes() {
    List<Misfortune> all = new ArrayList<>();
    for (Place place :
        List.of(Place.VALIDATION, Place.READ, Place.SEGMENT, Place.SEGMENT_READ, Place.MANIFEST)) {
      all.add(new Misfortune(place, "500", ERROR_500, HITS));
      all.add(new Misfortune(place, "503", SLOW_DOWN, HITS));
      all.add(new Misfortune(place, "expired", EXPIRED, 2));
      all.add(new Misfortune(place, "reset", new Fault.Reset(), HITS));
    }
    all.add(new Misfortune(Place.PART, "500", ERROR_500, HITS));
    all.add(new Misfortune(Place.PART, "expired", EXPIRED, 2));
    all.add(new Misfortune(Place.COMPLETION, "503", SLOW_DOWN, HITS));
    all.add(new Misfortune(Place.COMPLETION, "expired", EXPIRED, 2));
    all.add(new Misfortune(Place.COMPLETION, "reset", new Fault.Reset(), HITS));
    for (Place place : List.of(Place.READ, Place.SEGMENT, Place.PART)) {
      all.add(new Misfortune(place, "silent", new Fault.Unanswered(), HITS));
    }
    // What is missing is asked for as a stretch, which is another place.
    all.add(new Misfortune(Place.VALIDATION, "cut", new Fault.AnswerCut(), 1));
    all.add(new Misfortune(Place.READ, "cut", new Fault.AnswerCut(), HITS));
    all.add(new Misfortune(Place.SEGMENT_READ, "cut", new Fault.AnswerCut(), 1));
    all.add(new Misfortune(Place.SEGMENT_READ, "damaged", new Fault.AnswerDamaged(), HITS));
    for (Place write : List.of(Place.SEGMENT, Place.PART, Place.MANIFEST)) {
      all.add(new Misfortune(write, "damaged", new Fault.RequestDamaged(), 2));
    }
    for (Place write : List.of(Place.SEGMENT, Place.PART, Place.COMPLETION, Place.MANIFEST)) {
      all.add(new Misfortune(write, "answer-lost", new Fault.AnswerLost(), 1));
    }
    all.add(new Misfortune(Place.COMPLETION, "error-in-200", ERROR_IN_200, HITS));
    all.add(new Misfortune(Place.COMPLETION, "done-and-forgotten", UPLOAD_GONE, 1));
    all.add(new Misfortune(Place.SEGMENT_READ, "404", NOT_FOUND, HITS));
    all.add(new Misfortune(Place.READ, "404", NOT_FOUND, 1));
    all.add(new Misfortune(Place.LOOK, "404", new Fault.Refused(404, ""), 2));
    all.add(new Misfortune(Place.READ, "skewed", SKEWED, HITS));
    return all.stream();
  }

  private static Fault refused(int status, String code, String message) {
    return new Fault.Refused(status, error(code, message));
  }

  private static String error(String code, String message) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message></Error>"
        .formatted(code, message);
  }

  @TempDir static Path folder;
  private final Map<String, AtomicInteger> struck = new ConcurrentHashMap<>();
  private final Map<Misfortune, Job> jobs = new LinkedHashMap<>();
  private final List<Misfortune> order = misfortunes().toList();
  private final List<FaultProxy> networks = new ArrayList<>();
  private TestModelServer server;
  private TestNode node;
  private Path serverLog;

  @BeforeAll
  void runAllAtOnce() throws IOException {
    serverLog = folder.resolve("calls.log");
    server = TestModelServer.start(call -> new TestModelServer.Behaviour.Answer(20), serverLog);
    ModelEntry model =
        new ModelEntry("acme.chat", ModelEntry.Server.at(server.url(), "tiny"), Family.OPENAI_CHAT);
    node = new TestNode(folder, List.of(model), this::throughFaults, Patience.DEFAULT);
    for (Misfortune misfortune : order) {
      for (int i = 0; i < INPUTS; i++) {
        node.put(inputOf(misfortune) + i + ".jsonl", records(misfortune, i));
      }
      jobs.put(
          misfortune,
          node.submit(
              misfortune.id(), "acme.chat", inputOf(misfortune), "s3://output/" + misfortune.id()));
    }
    WorkRules rules = WorkRules.DEFAULT;
    node.start(
        new WorkRules(
            rules.input(), new QueueLimits(1_000, 1_000), rules.permissions(), false, true));
  }

  @AfterAll
  void stop() throws IOException {
    node.close();
    for (FaultProxy network : networks) {
      network.close();
    }
    server.close();
  }

  private URI throughFaults(URI store) {
    FaultProxy network = FaultProxy.before(store, this::strike);
    networks.add(network);
    return network.url();
  }

  private Fault strike(FaultProxy.Seen seen) {
    Misfortune due = due(seen);
    if (due != null && due.fault() instanceof Fault.RequestDamaged && isCopy(seen)) {
      // A copy has no body that could be damaged: the node has to send the part.
      return NO_COPIES;
    }
    if (due != null
        && struck.computeIfAbsent(due.id(), _ -> new AtomicInteger()).incrementAndGet()
            <= due.hits()) {
      return due.fault();
    }
    return new Fault.None();
  }

  private static boolean isCopy(FaultProxy.Seen seen) {
    return seen.head().toLowerCase(java.util.Locale.ROOT).contains("x-amz-copy-source:");
  }

  private @Nullable Misfortune due(FaultProxy.Seen seen) {
    String[] path = seen.target().split("[/?]");
    if (path.length < 3) {
      return null;
    }
    return order.stream()
        .filter(each -> each.id().equals(path[2]) && each.place().isUsedBy(seen))
        .findFirst()
        .orElse(null);
  }

  private static String inputOf(Misfortune misfortune) {
    return "s3://input/" + misfortune.id() + "/";
  }

  private int first(Misfortune misfortune) {
    return order.indexOf(misfortune) * RECORDS;
  }

  private String records(Misfortune misfortune, int input) {
    int first = first(misfortune) + input * RECORDS_PER_INPUT;
    boolean wantsParts =
        input == 0 && (misfortune.place() == Place.PART || misfortune.place() == Place.COMPLETION);
    String padding = wantsParts ? "x".repeat(PADDING) : "x";
    return IntStream.range(first, first + RECORDS_PER_INPUT)
        .mapToObj(CallAudit::id)
        .map(id -> CallAudit.chatRecord(id, padding))
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("misfortunes")
  void aStoreThatFailsForAWhileCostsNeitherARecordNorACall(Misfortune misfortune)
      throws IOException {
    Job ended =
        node.awaitEnd(Objects.requireNonNull(jobs.get(misfortune)).id(), Duration.ofMinutes(2));

    assertThat(ended.message()).isNull();
    assertThat(ended.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(struck.getOrDefault(misfortune.id(), new AtomicInteger()).get())
        .as("times that it struck")
        .isGreaterThanOrEqualTo(misfortune.hits());
    assertThat(ended.counts()).isEqualTo(new RecordCounts(RECORDS, RECORDS, 0));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      lines.addAll(
          node.read("s3://output/%s/%s/%d.jsonl.out".formatted(misfortune.id(), ended.id(), i))
              .lines()
              .toList());
    }
    CallAudit audit = CallAudit.of(serverLog, lines, first(misfortune), RECORDS);
    assertThat(audit).isEqualTo(new CallAudit(0, 0, 0, 0, 0));
  }
}
