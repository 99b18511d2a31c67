package bedload.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.model.TestModelServer;
import bedload.model.TestModelServer.Behaviour;
import bedload.model.TestModelServer.Received;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client of paid inference must not get wrong, each against a real socket. */
class HttpTransportTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final byte[] CHAT =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Where does the gravel go?\"}]}"
          .getBytes(StandardCharsets.UTF_8);

  private final HttpTransport transport =
      new HttpTransport(HttpTransport.trustOfTheJdk(), 1 << 20, ConnectionRules.DEFAULT);
  private final List<TestModelServer> servers = new ArrayList<>();

  @AfterEach
  void close() {
    transport.close();
    servers.forEach(TestModelServer::close);
  }

  private TestModelServer server(Function<Received, Behaviour> behaviour) {
    TestModelServer server = TestModelServer.start(behaviour);
    servers.add(server);
    return server;
  }

  private HttpOutcome chat(TestModelServer server, Duration deadline) throws InterruptedException {
    return transport.post(URI.create(server.url() + "/chat/completions"), Map.of(), CHAT, deadline);
  }

  private static String text(HttpOutcome outcome) {
    assertThat(outcome).isInstanceOf(HttpOutcome.Replied.class);
    return new String(((HttpOutcome.Replied) outcome).reply().body(), StandardCharsets.UTF_8);
  }

  @Test
  void oneConnectionServesCallAfterCall() throws InterruptedException {
    TestModelServer server = server(_ -> new Behaviour.Answer(0));

    for (int i = 0; i < 50; i++) {
      assertThat(text(chat(server, LONG))).contains("You said: Where does the gravel go?");
    }

    // The caller may be back before its connection is: a second one is no fault.
    assertThat(server.connected()).isLessThanOrEqualTo(2);
    assertThat(server.received()).isEqualTo(50);
  }

  @Test
  void aChunkedAnswerAfterAnInterimOneIsReadWhole() throws InterruptedException {
    TestModelServer server = server(_ -> new Behaviour.Chunked());

    assertThat(text(chat(server, LONG))).contains("You said: Where does the gravel go?");
    assertThat(text(chat(server, LONG))).contains("You said: Where does the gravel go?");
  }

  static List<Behaviour> brokenAnswers() {
    return List.of(
        new Behaviour.Truncate(),
        new Behaviour.TruncateChunked(),
        new Behaviour.Close(),
        new Behaviour.Reset(),
        new Behaviour.Raw("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
        new Behaviour.Raw(
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII)));
  }

  /** A client that sends again by itself makes its user pay twice. */
  @ParameterizedTest
  @MethodSource("brokenAnswers")
  void aBrokenAnswerBreaksTheCallAndIsNotAskedForAgain(Behaviour broken)
      throws InterruptedException {
    TestModelServer server = server(_ -> broken);

    assertThat(chat(server, LONG)).isInstanceOf(HttpOutcome.Broken.class);
    assertThat(server.received()).isEqualTo(1);
  }

  static List<Behaviour> answersBegun() {
    return List.of(new Behaviour.Truncate(), new Behaviour.TruncateChunked());
  }

  @ParameterizedTest
  @MethodSource("answersBegun")
  void whatHasBegunToBeAnsweredIsNotAskedForAgainOverAConnectionThatWasIdleEither(Behaviour broken)
      throws InterruptedException {
    TestModelServer server = server(call -> call.number() == 1 ? new Behaviour.Answer(0) : broken);
    text(chat(server, LONG));

    assertThat(chat(server, LONG)).isInstanceOf(HttpOutcome.Broken.class);
    assertThat(server.received()).isEqualTo(2);
  }

  @Test
  void aCallThatMayHaveBeenWorkedOnIsNotAskedForAgainOverAConnectionThatWasIdleEither()
      throws InterruptedException {
    TestModelServer server =
        server(
            call -> {
              if (call.number() == 1) {
                return new Behaviour.Answer(0);
              }
              pauseFor(HttpTransport.CLOSED_WITHIN.plusMillis(100));
              return new Behaviour.Close();
            });
    text(chat(server, LONG));

    assertThat(chat(server, LONG)).isInstanceOf(HttpOutcome.Broken.class);
    assertThat(server.received()).isEqualTo(2);
  }

  private static void pauseFor(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static List<Behaviour> stalls() {
    return List.of(new Behaviour.Stall(), new Behaviour.StallInBody());
  }

  @ParameterizedTest
  @MethodSource("stalls")
  void aStalledAnswerEndsAtTheDeadlineAndItsConnectionWithIt(Behaviour stall)
      throws InterruptedException {
    TestModelServer server = server(_ -> stall);

    long began = System.nanoTime();
    assertThat(chat(server, Duration.ofSeconds(1))).isInstanceOf(HttpOutcome.Late.class);

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
    await().untilAsserted(() -> assertThat(server.disconnected()).isEqualTo(1));
  }

  @Test
  void interruptedCallsCloseTheirConnections() throws Exception {
    TestModelServer server = server(_ -> new Behaviour.Stall());
    int calls = 200;
    ConcurrentLinkedQueue<Object> ends = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      ends.add(chat(server, LONG));
                    } catch (InterruptedException wanted) {
                      ends.add(wanted);
                    }
                  }));
    }
    await().untilAsserted(() -> assertThat(server.inFlight()).isEqualTo(calls));

    threads.forEach(Thread::interrupt);

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ends).hasSize(calls).allMatch(end -> end instanceof InterruptedException);
    await().untilAsserted(() -> assertThat(server.disconnected()).isEqualTo(calls));
    assertThat(server.received()).isEqualTo(calls);
  }

  @Test
  void aCallAfterTheServerClosedTheIdleConnectionGoesOverANewOne() throws InterruptedException {
    TestModelServer server = server(_ -> new Behaviour.AnswerThenClose());

    for (int i = 1; i <= 20; i++) {
      text(chat(server, LONG));
      // The close needs a moment to come through; a call sent before it would be lost by right.
      long closed = i;
      await().until(() -> server.open() == 0 && server.connected() == closed);
    }

    assertThat(server.received()).isEqualTo(20);
  }

  @Test
  void aConnectionIsUsedNoLongerThanItMayLive() throws InterruptedException {
    TestModelServer server = server(_ -> new Behaviour.Answer(0));
    ConnectionRules brief = new ConnectionRules(Duration.ofMinutes(1), Duration.ZERO);
    try (HttpTransport each = new HttpTransport(HttpTransport.trustOfTheJdk(), 1 << 20, brief)) {
      for (int i = 0; i < 5; i++) {
        text(each.post(URI.create(server.url() + "/chat/completions"), Map.of(), CHAT, LONG));
      }
    }

    assertThat(server.connected()).isEqualTo(5);
  }

  @Test
  void refusalsAndRedirectsAreHandedOverAndNotActedOn() throws InterruptedException {
    TestModelServer server =
        server(
            call ->
                call.number() == 1
                    ? new Behaviour.Status(429, "Retry-After: 0\r\n", "busy")
                    : new Behaviour.Status(307, "Location: /v1/chat/completions\r\n", ""));

    HttpReply busy = ((HttpOutcome.Replied) chat(server, LONG)).reply();
    HttpReply moved = ((HttpOutcome.Replied) chat(server, LONG)).reply();

    assertThat(busy.status()).isEqualTo(429);
    assertThat(busy.header("Retry-After")).hasValue("0");
    assertThat(moved.status()).isEqualTo(307);
    assertThat(server.received()).isEqualTo(2);
  }

  /** Several model servers refuse, or lose the body of, a request that offers another protocol. */
  @Test
  void noOtherProtocolIsOffered() throws InterruptedException {
    ConcurrentLinkedQueue<Received> calls = new ConcurrentLinkedQueue<>();
    TestModelServer server =
        server(
            call -> {
              calls.add(call);
              return new Behaviour.Answer(0);
            });

    text(chat(server, LONG));

    Map<String, String> headers = calls.element().request().headers();
    assertThat(headers).doesNotContainKeys("upgrade", "http2-settings", "connection", "expect");
    assertThat(headers)
        .containsEntry("host", "127.0.0.1:" + server.port())
        .containsEntry("content-type", "application/json");
  }

  @Test
  void anAnswerBeyondTheLimitIsNotTaken() throws InterruptedException {
    String huge = "x".repeat(2 << 20);
    TestModelServer announced = server(_ -> new Behaviour.Status(200, "", huge));
    TestModelServer unannounced =
        server(
            _ ->
                new Behaviour.Raw(
                    ("HTTP/1.1 200 OK\r\n\r\n" + huge).getBytes(StandardCharsets.US_ASCII)));

    assertThat(chat(announced, LONG)).isEqualTo(new HttpOutcome.TooLarge(1 << 20));
    assertThat(chat(unannounced, LONG)).isEqualTo(new HttpOutcome.TooLarge(1 << 20));
  }

  @Test
  void aServerThatIsNotThereBreaksTheCall() throws Exception {
    HttpOutcome refused = transport.post(URI.create("http://localhost:1/v1"), Map.of(), CHAT, LONG);
    HttpOutcome unknown =
        transport.post(URI.create("http://no-such-host.invalid/v1"), Map.of(), CHAT, LONG);

    assertThat(refused)
        .isInstanceOfSatisfying(
            HttpOutcome.Broken.class, broken -> assertThat(broken.message()).contains("refused"));
    assertThat(unknown)
        .isEqualTo(new HttpOutcome.Broken("no address is known for the host no-such-host.invalid"));
  }

  @Test
  void aThousandSlowCallsAreInFlightAtOnce() throws Exception {
    TestModelServer server = server(_ -> new Behaviour.Answer(1500));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpOutcome>> calls = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        calls.add(threads.submit(() -> chat(server, LONG)));
      }
      for (Future<HttpOutcome> call : calls) {
        text(call.get());
      }
    }

    assertThat(server.mostInFlight()).isGreaterThan(900);
    assertThat(server.received()).isEqualTo(1000);
  }
}
