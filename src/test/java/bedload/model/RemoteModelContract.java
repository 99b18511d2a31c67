package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.job.ModelInvocationType;
import bedload.model.TestModelServer.Behaviour;
import bedload.model.http.HttpTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker may rely on when a backend is a server that misbehaves. */
abstract class RemoteModelContract {
  /** What no error may hold. */
  static final String SECRET = "secret-of-the-contract";

  private final AtomicReference<Behaviour> behaviour = new AtomicReference<>();
  private final AtomicReference<TestRequest> seen = new AtomicReference<>();
  private final TestModelServer server =
      TestModelServer.start(
          call -> {
            seen.set(call.request());
            return behaviour.get();
          });

  final HttpTransport transport = new HttpTransport();

  @AfterEach
  void close() {
    transport.close();
    server.close();
  }

  /** Returns the model on a server, with {@link #SECRET} for its key. */
  abstract Model model(URI url, Duration deadline);

  private ModelReply reply(Behaviour wanted) throws InterruptedException {
    return reply(wanted, Duration.ofSeconds(10));
  }

  private ModelReply reply(Behaviour wanted, Duration deadline) throws InterruptedException {
    behaviour.set(wanted);
    return model(server.url(), deadline)
        .invoke(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"gravel\"}]}"
                .getBytes(StandardCharsets.UTF_8),
            ModelInvocationType.INVOKE_MODEL);
  }

  private static int code(ModelReply reply) {
    return switch (reply) {
      case ModelReply.Answer _ -> 200;
      case ModelReply.Refusal refusal -> refusal.errorCode();
      case ModelReply.Overload overload -> overload.errorCode();
      case ModelReply.Silence silence -> silence.errorCode();
    };
  }

  @Test
  void aCallThatIsStoppedIsClosedSoThatTheServerCanStopToo() throws InterruptedException {
    behaviour.set(new Behaviour.Stall());
    AtomicReference<Object> end = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    end.set(reply(new Behaviour.Stall(), Duration.ofMinutes(5)));
                  } catch (InterruptedException wanted) {
                    end.set(wanted);
                  }
                });
    await().untilAsserted(() -> assertThat(server.inFlight()).isOne());

    caller.interrupt();

    await().untilAsserted(() -> assertThat(server.disconnected()).isOne());
    await().untilAsserted(() -> assertThat(end.get()).isInstanceOf(InterruptedException.class));
    await().untilAsserted(() -> assertThat(server.open()).isZero());
  }

  @Test
  void aServerThatStallsIsGivenUpAtTheDeadlineAndClosed() throws InterruptedException {
    for (Behaviour stalls : new Behaviour[] {new Behaviour.Stall(), new Behaviour.StallInBody()}) {
      assertThat(reply(stalls, Duration.ofMillis(200))).isInstanceOf(ModelReply.Silence.class);
    }
    await().untilAsserted(() -> assertThat(server.open()).isZero());
  }

  @Test
  void anAnswerThatEndsTooEarlyIsNoAnswer() throws InterruptedException {
    for (Behaviour cut :
        new Behaviour[] {
          new Behaviour.Truncate(),
          new Behaviour.TruncateChunked(),
          new Behaviour.Close(),
          new Behaviour.Reset()
        }) {
      ModelReply reply = reply(cut);
      assertThat(reply).as(cut.toString()).isInstanceOf(ModelReply.Silence.class);
      assertThat(code(reply)).isEqualTo(503);
    }
    assertThat(server.received()).as("each was sent once").isEqualTo(4);
  }

  @Test
  void whatIsNoJsonIsNoAnswer() throws InterruptedException {
    for (String body : new String[] {"<html>", "[1]", "", "{\"a\":"}) {
      assertThat(reply(new Behaviour.Status(200, "", body)))
          .isInstanceOfSatisfying(
              ModelReply.Silence.class, silence -> assertThat(silence.errorCode()).isEqualTo(424));
    }
  }

  @Test
  void anAnswerWithoutAnEndIsCutOff() throws InterruptedException {
    byte[] endless =
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"
            .getBytes(StandardCharsets.US_ASCII);

    assertThat(reply(new Behaviour.Raw(endless)))
        .isInstanceOfSatisfying(
            ModelReply.Refusal.class,
            refusal -> assertThat(refusal.message()).contains("the most that is taken"));
    await().untilAsserted(() -> assertThat(server.open()).isZero());
  }

  @Test
  void aRedirectIsNotFollowed() throws InterruptedException {
    ModelReply reply =
        reply(new Behaviour.Status(307, "Location: " + server.url() + "/elsewhere\r\n", ""));

    assertThat(reply).isInstanceOf(ModelReply.Refusal.class);
    assertThat(code(reply)).isEqualTo(424);
    assertThat(server.received()).isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "400, 400, Refusal",
    "429, 429, Overload",
    "500, 500, Silence",
    "502, 503, Silence",
    "503, 503, Overload"
  })
  void errorsHaveBedrocksNumbersAndTheServersWordsAndNoSecret(int status, int code, String kind)
      throws InterruptedException {
    ModelReply reply =
        reply(
            new Behaviour.Status(status, "", "{\"message\":\"" + "own words ".repeat(500) + "\"}"));

    assertThat(code(reply)).isEqualTo(code);
    assertThat(reply.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(reply.toString()).contains("own words own words").doesNotContain(SECRET);
    assertThat(reply.toString().length()).isLessThan(1200);
    assertThat(seen.get().headers().get("authorization")).contains(SECRET);
  }

  @ParameterizedTest
  @CsvSource({"429", "503"})
  void theTimeThatAServerNamesIsKept(int status) throws InterruptedException {
    assertThat(reply(new Behaviour.Status(status, "Retry-After: 7\r\n", "")))
        .isInstanceOfSatisfying(
            ModelReply.Overload.class,
            overload -> assertThat(overload.after()).isEqualTo(Duration.ofSeconds(7)));
  }

  @Test
  void aServerThatIsNotThereIsSilent() throws InterruptedException {
    server.close();

    ModelReply reply = reply(new Behaviour.Answer(0));

    assertThat(reply).isInstanceOf(ModelReply.Silence.class);
    assertThat(reply.toString()).contains("no connection").doesNotContain(SECRET);
  }
}
