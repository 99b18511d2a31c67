package bedload.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.ledger.Books;
import bedload.ledger.JobSpecs;
import bedload.ledger.SettableClock;
import bedload.ledger.SubmitResult;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnnouncerTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private Path folder;
  private final SettableClock clock = new SettableClock();
  private Database database;
  private Books books;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    books = Books.open(database.jdbi(), clock, RandomGenerator.getDefault());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anEventHasTheFormOfEventBridge() throws IOException {
    books.announcements().engage(Set.of("file"));
    Job job = submit("a");
    books.steps().fail(job.id(), "Line 7 is no JSON.");

    tell(file());

    List<JsonNode> events = lines();
    assertThat(events).hasSize(2);
    JsonNode failed = events.getLast();
    assertThat(failed.propertyNames())
        .containsExactly(
            "version",
            "id",
            "detail-type",
            "source",
            "account",
            "time",
            "region",
            "resources",
            "detail");
    assertThat(failed.path("detail-type").asString()).isEqualTo("Batch Inference Job State Change");
    assertThat(failed.path("source").asString()).isEqualTo("aws.bedrock");
    assertThat(failed.path("time").asString()).isEqualTo("2026-03-03T22:57:41Z");
    assertThat(failed.path("resources").path(0).asString()).isEqualTo(job.arn());
    assertThat(failed.path("detail"))
        .isEqualTo(
            JSON.readTree(
                """
                {"version": "0.0", "accountId": "000000000000", "batchJobName": "a", "batchJobArn": "%s",
                 "batchModelId": "arn:aws:bedrock:us-east-1::foundation-model/bedload.echo", "status": "Failed",
                 "failureMessage": "Line 7 is no JSON.", "creationTime": "Mar 3, 2026, 10:57:41 PM"}
                """
                    .formatted(job.arn())));
    assertThat(events.getFirst().path("detail").path("failureMessage").asString()).isEmpty();
  }

  @Test
  void aWebhookThatFailsTwiceHasEveryEventInTheEndInOrderAndSigned() throws Exception {
    books.announcements().engage(Set.of("webhook"));
    try (WebhookReceiver receiver = new WebhookReceiver(0, call -> call < 2 ? 503 : 204)) {
      Job job = submit("a");
      books.steps().beginValidating(job.id());
      books.steps().fail(job.id(), "no");

      Announcer announcer = announcer(webhook(receiver));
      assertThat(announcer.step()).isZero();
      assertThat(announcer.step()).isZero(); // Put off: not even tried.
      assertThat(receiver.calls()).hasSize(1);
      clock.advance(Duration.ofSeconds(1));
      assertThat(announcer.step()).isZero();
      clock.advance(Duration.ofSeconds(1));
      assertThat(announcer.step()).isZero();
      assertThat(receiver.calls()).hasSize(2); // The second pause is longer.
      clock.advance(Duration.ofSeconds(1));
      tellAll(announcer);

      assertThat(receiver.calls().stream().map(AnnouncerTest::status))
          .containsExactly("Submitted", "Submitted", "Submitted", "Validating", "Failed");
      assertThat(receiver.calls().stream().limit(3).map(WebhookReceiver.Call::id).distinct())
          .hasSize(1);
      assertThat(receiver.calls()).allSatisfy(AnnouncerTest::assertSigned);
      announcer.close();
    }
  }

  @Test
  void whatAWebhookMissedWhileItWasDownIsToldAfterARestart() {
    books.announcements().engage(Set.of("webhook"));
    int port;
    try (WebhookReceiver receiver = new WebhookReceiver(0, _ -> 204)) {
      port = receiver.port();
    }
    Job job = submit("a");
    URI url = URI.create("http://127.0.0.1:" + port + "/events");
    try (Announcer announcer = announcer(new Webhook(url, WebhookSecret.parse(SECRET), clock))) {
      assertThat(announcer.step()).isZero();
    }
    books.steps().beginValidating(job.id());

    // The service starts anew: it does not wait for the pause that its former life had begun.
    books = Books.open(database.jdbi(), clock, RandomGenerator.getDefault());
    books.announcements().engage(Set.of("webhook"));
    try (WebhookReceiver receiver = new WebhookReceiver(port, _ -> 204);
        Announcer announcer = announcer(webhook(receiver))) {
      tellAll(announcer);

      assertThat(receiver.calls().stream().map(AnnouncerTest::status))
          .containsExactly("Submitted", "Validating");
    }
  }

  @Test
  void anEventThatIsRefusedHoldsUpOnlyItsOwnJob() {
    books.announcements().engage(Set.of("webhook"));
    try (WebhookReceiver receiver = new WebhookReceiver(0, call -> call == 0 ? 400 : 200);
        Announcer announcer = announcer(webhook(receiver))) {
      Job refused = submit("refused");
      books.steps().beginValidating(refused.id());
      submit("other");

      tellAll(announcer);
      assertThat(names(receiver)).containsExactly("refused Submitted", "other Submitted");

      clock.advance(Duration.ofSeconds(2));
      tellAll(announcer);
      assertThat(names(receiver))
          .containsExactly(
              "refused Submitted", "other Submitted", "refused Submitted", "refused Validating");
    }
  }

  @Test
  void redirectionsAreNotFollowed() {
    books.announcements().engage(Set.of("webhook"));
    submit("a");
    try (WebhookReceiver receiver = new WebhookReceiver(0, _ -> 307);
        Announcer announcer = announcer(webhook(receiver))) {
      assertThat(announcer.step()).isZero();
      assertThat(receiver.calls()).hasSize(1);
    }
  }

  @Test
  void changesOfTagsAndStepsFromBeforeAreNotTold() throws IOException {
    Job job = submit("before");
    books.announcements().engage(Set.of("file"));
    books.tags().put(AccountId.DEFAULT, "us-east-1", job.id(), Map.of("k", "v"));

    tell(file());

    assertThat(Files.exists(folder.resolve("events.jsonl"))).isFalse();
  }

  @Test
  void oneNodeTellsAtATimeAndAnotherTakesOverWhenItIsSilent() {
    books.announcements().engage(Set.of("webhook"));

    assertThat(books.audiences().lease("webhook", "a")).isTrue();
    assertThat(books.audiences().lease("webhook", "b")).isFalse();
    assertThat(books.audiences().lease("webhook", "a")).isTrue();
    clock.advance(Duration.ofSeconds(30));
    assertThat(books.audiences().lease("webhook", "b")).isTrue();
    assertThat(books.audiences().lease("webhook", "a")).isFalse();
  }

  @Test
  void halfALineThatACrashLeftIsReplacedAndAMovedFileBegunAnew() throws IOException {
    books.announcements().engage(Set.of("file"));
    Path file = folder.resolve("events.jsonl");
    submit("a");
    tell(file());
    Files.writeString(file, "{\"half\":", StandardOpenOption.APPEND);
    submit("b");
    tell(file());
    assertThat(lines()).extracting(AnnouncerTest::name).containsExactly("a", "b");

    Files.move(file, folder.resolve("events.1"));
    submit("c");
    tell(file());
    assertThat(lines()).extracting(AnnouncerTest::name).containsExactly("c");
  }

  @Test
  void aSecretThatIsTooShortIsRefused() {
    assertThatThrownBy(() -> WebhookSecret.parse("short"))
        .hasMessageContaining("at least 16 bytes");
    assertThatThrownBy(() -> WebhookSecret.parse("whsec_c2hvcnQ="))
        .hasMessageContaining("at least 16 bytes");
  }

  /** The example of the specification's own libraries. */
  @Test
  void aSignatureIsThatOfStandardWebhooks() {
    assertThat(
            WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  private static void assertSigned(WebhookReceiver.Call call) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signed =
        mac.doFinal(
            "%s.%s.%s"
                .formatted(call.id(), call.timestamp(), call.body())
                .getBytes(StandardCharsets.UTF_8));
    assertThat(call.signature()).isEqualTo("v1," + Base64.getEncoder().encodeToString(signed));
  }

  private static String status(WebhookReceiver.Call call) {
    return JSON.readTree(call.body()).path("detail").path("status").asString();
  }

  private static String name(JsonNode event) {
    return event.path("detail").path("batchJobName").asString();
  }

  private static List<String> names(WebhookReceiver receiver) {
    return receiver.calls().stream()
        .map(call -> name(JSON.readTree(call.body())) + " " + status(call))
        .toList();
  }

  private List<JsonNode> lines() throws IOException {
    return Files.readAllLines(folder.resolve("events.jsonl")).stream().map(JSON::readTree).toList();
  }

  private EventFile file() {
    return new EventFile(folder.resolve("events.jsonl"));
  }

  private Webhook webhook(WebhookReceiver receiver) {
    return new Webhook(receiver.url(), WebhookSecret.parse(SECRET), clock);
  }

  private Announcer announcer(Audience audience) {
    return new Announcer(books.announcements(), books.audiences(), audience, "node");
  }

  private void tell(Audience audience) {
    try (Announcer announcer = announcer(audience)) {
      tellAll(announcer);
    }
  }

  private static void tellAll(Announcer announcer) {
    while (announcer.step() > 0) {
      // Until nothing is due.
    }
  }

  private Job submit(String name) {
    return ((SubmitResult.Submitted)
            books.ledger().submit(AccountId.DEFAULT, "us-east-1", JobSpecs.named(name)))
        .job();
  }
}
