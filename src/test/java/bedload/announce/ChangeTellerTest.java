package bedload.announce;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.Catalog;
import bedload.catalog.ChangeFeed;
import bedload.catalog.Followers;
import bedload.catalog.ReaderLogin;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceObservation;
import bedload.catalog.ResourceType;
import bedload.catalog.ResourceTypes;
import bedload.catalog.TestReaders;
import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.ledger.Audiences;
import bedload.ledger.SettableClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who is told of changes of the catalog has each of them, whatever becomes of the two ends. */
@Timeout(60)
class ChangeTellerTest {
  private static final String MINE = "000000000000";
  private static final String THEIRS = "999999999999";
  private static final String JOBS = "aws_bedrock_model_invocation_job";
  private static final Instant SUBMITTED = Instant.parse("2026-03-01T12:00:00Z");
  private static final WebhookSecret SECRET =
      WebhookSecret.parse("0123456789abcdef0123456789abcdef");

  private final SettableClock clock = new SettableClock();
  private final List<ResourceType> types = ResourceTypes.builtIn();
  private Database database;
  private Catalog catalog;
  private ReadingDesk desk;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    catalog = Catalog.open(database.jdbi(), types);
    catalog.admit(MINE, "secret");
    desk =
        new ReadingDesk(
            database.address(),
            account -> Optional.of(new ReaderLogin(TestReaders.role(database, account), "secret")));
  }

  @AfterEach
  void close() {
    desk.close();
    database.close();
  }

  @Test
  void aChangeIsToldOnceAndSignedWithTheResourceAsItIsThen() {
    job("before", "Submitted", 1);
    try (WebhookReceiver receiver = new WebhookReceiver(0, _ -> 204);
        ChangeTeller teller = teller("all", "", receiver.url())) {
      job("a", "Submitted", 1);
      job("a", "Failed", 2);
      theirs();

      tell(teller, receiver, 2);
      assertThat(teller.step()).isZero();

      assertThat(revisions(receiver)).containsExactly("a 1", "a 2");
      assertThat(receiver.calls())
          .allSatisfy(
              call ->
                  assertThat(call.signature())
                      .isEqualTo(
                          SECRET.signature(
                              String.valueOf(call.id()),
                              Long.parseLong(String.valueOf(call.timestamp())),
                              call.body())));
      JsonNode told = body(receiver.calls().getLast());
      assertThat(told.get("type").asString()).isEqualTo("resource.changed");
      assertThat(told.get("timestamp").asString()).startsWith("2026-03-01T12:00:02");
      assertThat(told.at("/data/table").asString()).isEqualTo(JOBS);
      assertThat(told.at("/data/changed").toString()).isEqualTo("[\"status\"]");
      assertThat(told.at("/data/resource/status").asString()).isEqualTo("Failed");
      assertThat(told.at("/data/resource/input_data_config/s3_input_data_config/s3_uri").asString())
          .isEqualTo("s3://in/a");
    }
  }

  @Test
  void aSearchChoosesAmongTheChangesOfEveryType() {
    try (WebhookReceiver receiver = new WebhookReceiver(0, _ -> 204);
        ChangeTeller teller = teller("some", "*odd*", receiver.url())) {
      for (int i = 0; i < 450; i++) {
        job((i % 2 == 0 ? "even" : "odd") + i, "Submitted", 1);
        if (i % 100 == 0) {
          model("odd-model-" + i);
        }
      }
      tell(teller, receiver, 225 + 5);

      assertThat(receiver.calls()).hasSize(225 + 5);
      assertThat(receiver.calls().stream().map(call -> table(call)).distinct())
          .containsExactly("aws_bedrock_foundation_model", JOBS);
      assertThat(revisions(receiver)).doesNotHaveDuplicates();
    }
  }

  /** Nothing is written down for who is away: the place simply waits. */
  @Test
  void whatAReceiverMissedWhileItWasGoneIsToldInOrderAfterARestart() {
    int port;
    try (WebhookReceiver receiver = new WebhookReceiver(0, call -> call == 1 ? 503 : 204)) {
      port = receiver.port();
      try (ChangeTeller teller = teller("all", "", receiver.url())) {
        job("a", "Submitted", 1);
        job("b", "Submitted", 1);
        tell(teller, receiver, 2);
        assertThat(teller.step()).isZero(); // Put off: not even tried.
        assertThat(revisions(receiver)).containsExactly("a 1", "b 1");
      }
    }
    try (ChangeTeller teller = teller("all", "", at(port))) {
      assertThat(teller.step()).isZero();
    }
    job("a", "InProgress", 2);
    job("a", "Completed", 3);
    job("b", "Failed", 2);
    assertThat(count("ledger.announcement")).isZero();
    assertThat(count("catalog_store.follower")).isEqualTo(1);

    try (WebhookReceiver receiver = new WebhookReceiver(port, _ -> 204);
        ChangeTeller teller = teller("all", "", at(port))) {
      tell(teller, receiver, 4);
      assertThat(revisions(receiver)).containsExactly("b 1", "a 2", "a 3", "b 2");
    }
  }

  @Test
  void oneThatIsAwayIsTriedAgainAfterEverLongerPauses() {
    try (WebhookReceiver receiver = new WebhookReceiver(0, call -> call < 3 ? 404 : 204);
        ChangeTeller teller = teller("all", "", receiver.url())) {
      job("a", "Submitted", 1);
      tell(teller, receiver, 1);
      List<Integer> tries = new ArrayList<>();
      for (int second = 1; second < 9; second++) {
        clock.advance(Duration.ofSeconds(1));
        teller.step();
        tries.add(receiver.calls().size());
      }
      assertThat(tries).containsExactly(2, 2, 3, 3, 3, 3, 4, 4);
      assertThat(receiver.calls().stream().map(WebhookReceiver.Call::id).distinct()).hasSize(1);
    }
  }

  /** A call that hangs when the service ends is cut off, and its change is told by the next one. */
  @Test
  void whatAReceiverThatHangsDidNotTakeIsToldAgain() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (WebhookReceiver receiver =
        new WebhookReceiver(
            0,
            call -> {
              if (call == 0 && reached.getCount() > 0) {
                reached.countDown();
                await(end);
              }
              return 204;
            })) {
      ChangeTeller first = teller("all", "", receiver.url());
      job("a", "Submitted", 1);
      Thread life =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (reached.getCount() > 0) {
                      first.step();
                    }
                  });
      assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
      first.close();
      life.join();
      end.countDown();

      try (ChangeTeller second = teller("all", "", receiver.url())) {
        tell(second, receiver, 2);
      }
      assertThat(revisions(receiver)).containsExactly("a 1", "a 1");
    }
  }

  @Test
  void aChangeThatIsRefusedForADayIsPassedOverButNoneForWhichNobodyWasThere() {
    for (int status : List.of(400, 404)) {
      job("x" + status, "Submitted", 1);
      try (WebhookReceiver receiver = new WebhookReceiver(0, call -> call == 0 ? status : 204);
          ChangeTeller teller = teller("at" + status, "", receiver.url())) {
        job("a" + status, "Submitted", 1);
        job("b" + status, "Submitted", 1);
        haveRefusedForADay();
        tell(teller, receiver, 1);
        clock.advance(Duration.ofMinutes(5));
        tell(teller, receiver, status == 400 ? 2 : 3);

        assertThat(revisions(receiver).stream().distinct())
            .containsExactly("a" + status + " 1", "b" + status + " 1");
        assertThat(
                receiver.calls().stream()
                    .filter(call -> call.status() == 204)
                    .map(ChangeTellerTest::revision))
            .containsExactlyElementsOf(
                status == 400 ? List.of("b400 1") : List.of("a404 1", "b404 1"));
      }
    }
  }

  @Test
  void oneNodeTellsAtATimeAndAnotherTakesOverWhereItWas() {
    try (WebhookReceiver receiver = new WebhookReceiver(0, _ -> 204);
        ChangeTeller one = teller("all", "", receiver.url(), "one");
        ChangeTeller two = teller("all", "", receiver.url(), "two")) {
      job("a", "Submitted", 1);
      tell(one, receiver, 1);
      job("b", "Submitted", 1);
      assertThat(two.step()).isZero();
      clock.advance(Audiences.LEASE);
      tell(two, receiver, 2);

      assertThat(revisions(receiver)).containsExactly("a 1", "b 1");
    }
  }

  /** A node that slept through its lease must not send another back to where it was. */
  @Test
  void theEarlierOfTwoPlacesIsNotTaken() {
    Followers followers = new Followers(database.jdbi());
    followers.enter("all", () -> ChangeFeed.Start.after(new ChangeFeed.Position(7, 7)));
    followers.move("all", new ChangeFeed.Position(9, 1));
    followers.move("all", new ChangeFeed.Position(8, 5));

    assertThat(followers.start("all").orElseThrow().position())
        .isEqualTo(new ChangeFeed.Position(9, 1));
  }

  @Test
  void whoIsNoLongerNamedIsForgottenAndBeginsAnew() {
    try (WebhookReceiver receiver = new WebhookReceiver(0, _ -> 204)) {
      teller("old", "", receiver.url()).close();
      job("a", "Submitted", 1);
      teller("other", "", receiver.url()).close();
      try (ChangeTeller teller = teller("old", "", receiver.url())) {
        job("b", "Submitted", 1);
        tell(teller, receiver, 1);
        assertThat(revisions(receiver)).containsExactly("b 1");
      }
    }
  }

  private ChangeTeller teller(String name, String search, URI url) {
    return teller(name, search, url, "node");
  }

  /** Makes a teller as a start of the service does. */
  private ChangeTeller teller(String name, String search, URI url, String node) {
    Audiences audiences = new Audiences(database.jdbi(), clock);
    audiences.engage(Audiences.Subject.CHANGES, Set.of(ChangeTeller.bookName(name)));
    Followers followers = new Followers(database.jdbi());
    followers.keepOnly(Set.of(name));
    ChangeFeed feed = new ChangeFeed(desk, MINE, types, search, clock);
    followers.enter(name, feed::now);
    return new ChangeTeller(
        name, audiences, followers, feed, new Webhook(url, SECRET, clock), clock, node);
  }

  /**
   * Steps until the receiver has been called so often: transactions of other databases of the
   * server, as other tests have them, hold changes back for a moment.
   */
  private static void tell(ChangeTeller teller, WebhookReceiver receiver, int calls) {
    while (receiver.calls().size() < calls) {
      teller.step();
    }
  }

  private static URI at(int port) {
    return URI.create("http://127.0.0.1:%d/events".formatted(port));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static JsonNode body(WebhookReceiver.Call call) {
    return JsonMapper.shared().readTree(call.body());
  }

  private static String table(WebhookReceiver.Call call) {
    return body(call).at("/data/table").asString();
  }

  private static String revision(WebhookReceiver.Call call) {
    String key = body(call).at("/data/key").asString();
    return key.substring(key.lastIndexOf('/') + 1) + " " + body(call).at("/data/revision").asInt();
  }

  private static List<String> revisions(WebhookReceiver receiver) {
    return receiver.calls().stream().map(ChangeTellerTest::revision).toList();
  }

  private int count(String table) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle.createQuery("select count(*) from " + table).mapTo(Integer.class).one());
  }

  private void haveRefusedForADay() {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update catalog_store.follower set refusals = ?", Turn.MOST_REFUSALS));
  }

  private void theirs() {
    job(THEIRS, "theirs", "Failed", 1);
  }

  private void job(String name, String status, int seconds) {
    job(MINE, name, status, seconds);
  }

  private void job(String account, String name, String status, int seconds) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put(
        "jobArn", "arn:aws:bedrock:us-east-1:%s:model-invocation-job/%s".formatted(account, name));
    document.put("jobName", name);
    document.put("status", status);
    document.put("submitTime", SUBMITTED);
    document.put(
        "inputDataConfig", Map.of("s3InputDataConfig", Map.of("s3Uri", "s3://in/" + name)));
    record(JOBS, account, document, seconds);
  }

  private void model(String id) {
    record(
        "aws_bedrock_foundation_model",
        MINE,
        Map.of("modelArn", "arn:aws:bedrock:us-east-1::foundation-model/" + id, "modelId", id),
        1);
  }

  private void record(String table, String account, Map<String, Object> document, int seconds) {
    catalog.record(
        new ResourceObservation(
            catalog.type(table),
            account,
            "us-east-1",
            document,
            Map.of("team", "ml"),
            seconds,
            SUBMITTED.plusSeconds(seconds)));
  }
}
