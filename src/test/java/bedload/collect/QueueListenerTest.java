package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import bedload.catalog.EventForm;
import bedload.catalog.ResourceEvents;
import bedload.catalog.ResourceEvents.Announced;
import bedload.catalog.ResourceTypes;
import bedload.catalog.Sources;
import bedload.database.Database;
import bedload.database.TestDatabase;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of a queue's messages, by AWS's own client. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class QueueListenerTest {
  private static final String ACCOUNT = "111122223333";
  private static final String CREDENTIALS_FILE = "aws.sharedCredentialsFile";
  private static final String JOB =
      "arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/abcdefghijkl";

  @TempDir private Path folder;
  private final Database database = TestDatabase.create();
  private final ResourceEvents events = new ResourceEvents(database.jdbi(), InstantSource.system());
  private final FakeSqs sqs = new FakeSqs();
  private final SdkProviders providers = new SdkProviders();
  private QueueListener listener;

  @BeforeEach
  void listen() throws Exception {
    Path keys =
        Files.writeString(
            folder.resolve("keys"),
            "[queue]\naws_access_key_id = any\naws_secret_access_key = any\n");
    System.setProperty(CREDENTIALS_FILE, keys.toString());
    new Sources(database.jdbi(), InstantSource.system())
        .declare(
            "node",
            List.of(new Sources.Declared(ACCOUNT, "us-east-1", "aws", Duration.ofMinutes(5))));
    listener =
        providers.listener(
            EventsQueue.at(sqs.url(), "us-east-1", new SourceAccess.Profile("queue")),
            new EventForm(ResourceTypes.builtIn()),
            events);
  }

  @AfterEach
  void close() {
    listener.close();
    providers.close();
    sqs.close();
    database.close();
    System.clearProperty(CREDENTIALS_FILE);
  }

  private static String event(String account) {
    return JsonMapper.shared()
        .writeValueAsString(
            Map.of(
                "detail-type", "Batch Inference Job State Change",
                "source", "aws.bedrock",
                "account", account,
                "region", "us-east-1",
                "detail", Map.of("batchJobArn", JOB)));
  }

  private List<Announced> announced() {
    return events.take(100).stream().map(ResourceEvents.Taken::event).toList();
  }

  @Test
  void anEventIsInTheBooksAndGoneFromTheQueue() {
    sqs.send(event(ACCOUNT));

    assertThat(listener.step()).isEqualTo(1);

    assertThat(sqs.size()).isZero();
    assertThat(announced())
        .containsExactly(
            new Announced("aws_bedrock_model_invocation_job", JOB, ACCOUNT, "us-east-1"));
    assertThat(sqs.waits()).containsExactly(20);
  }

  @Test
  void whatCameThroughSnsIsTakenOutOfItsEnvelope() {
    sqs.send(
        JsonMapper.shared()
            .writeValueAsString(Map.of("Type", "Notification", "Message", event(ACCOUNT))));

    listener.step();

    assertThat(announced()).hasSize(1);
  }

  @Test
  void whatIsOfNothingThatIsCollectedLeavesTheQueueAndHoldsUpNothing() {
    for (String other :
        new String[] {"", "{", "[]", "7", "{\"source\":\"aws.ec2\"}", event("999999999999")}) {
      sqs.send(other);
    }
    sqs.send(event(ACCOUNT));

    assertThat(listener.step()).isEqualTo(7);

    assertThat(sqs.size()).isZero();
    assertThat(announced()).hasSize(1);
  }

  @Test
  void aMessageStaysInTheQueueUntilItsEventIsInTheBooks() {
    String hide = "alter table catalog_store.resource_event rename to away";
    String show = "alter table catalog_store.away rename to resource_event";
    database.jdbi().useHandle(handle -> handle.execute(hide));
    sqs.send(event(ACCOUNT));

    assertThatThrownBy(listener::step).hasMessageContaining("resource_event");

    assertThat(sqs.size()).isEqualTo(1);
    database.jdbi().useHandle(handle -> handle.execute(show));
    sqs.giveAgain();
    assertThat(listener.step()).isEqualTo(1);
    assertThat(sqs.size()).isZero();
    assertThat(announced()).hasSize(1);
  }

  @Test
  void moreThanTenComeInSeveralSteps() {
    for (int i = 0; i < 23; i++) {
      sqs.send(event(ACCOUNT));
    }

    assertThat(List.of(listener.step(), listener.step(), listener.step()))
        .containsExactly(10, 10, 3);

    assertThat(sqs.size()).isZero();
    assertThat(announced()).as("an event that comes twice is one").hasSize(1);
  }

  @Test
  void closeDoesNotWaitForAQueueAtRest() {
    CollectLoop loop = CollectLoop.start("queue", listener::step);
    await().atMost(Duration.ofSeconds(5)).until(() -> !sqs.waits().isEmpty());
    long began = System.nanoTime();

    listener.close();
    loop.close();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    assertThat(listener.step()).isZero();
  }

  @Test
  void aQueueThatIsNotThereIsNamed() {
    URI wrong = URI.create(sqs.url() + "-other");
    try (QueueListener other =
        providers.listener(
            EventsQueue.at(wrong, "us-east-1", new SourceAccess.Profile("queue")),
            new EventForm(ResourceTypes.builtIn()),
            events)) {
      assertThatThrownBy(other::step).hasMessageContaining(wrong.toString());
    }
  }

  @Test
  void aQueueIsInTheRegionThatItsUrlNames() {
    SourceAccess access = new SourceAccess.Environment();

    assertThat(
            EventsQueue.at(
                    URI.create("https://sqs.eu-west-1.amazonaws.com/111122223333/q"),
                    "us-east-1",
                    access)
                .region())
        .isEqualTo("eu-west-1");
    assertThat(EventsQueue.at(sqs.url(), "us-east-1", access).region()).isEqualTo("us-east-1");
    for (String wrong : List.of("arn:aws:sqs:us-east-1:111122223333:q", "https://host", "q")) {
      assertThatThrownBy(() -> EventsQueue.at(URI.create(wrong), "us-east-1", access))
          .hasMessageContaining("a queue's URL is wanted")
          .hasMessageContaining(wrong);
    }
  }
}
