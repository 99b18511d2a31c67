package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.ModelInvocationType;
import bedload.model.TestModelServer.Behaviour;
import bedload.model.body.Family;
import bedload.model.http.HttpTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server's replies mean for a record. */
class OpenAiServerTest {
  private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final HttpTransport transport = new HttpTransport();
  private final AtomicReference<Behaviour> behaviour = new AtomicReference<>();
  private final AtomicReference<TestRequest> seen = new AtomicReference<>();
  private final TestModelServer server =
      TestModelServer.start(
          call -> {
            seen.set(call.request());
            return behaviour.get();
          });

  @AfterEach
  void close() {
    transport.close();
    server.close();
  }

  private ModelReply reply(Behaviour wanted, String body) throws InterruptedException {
    behaviour.set(wanted);
    ModelEntry.Server entry =
        new ModelEntry.Server(server.url(), "served", null, Duration.ofMillis(400), 1, 1);
    return new OpenAiServer(transport, entry, "secret-key", Family.OPENAI_CHAT, Set.of(), () -> NOW)
        .invoke(body.getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);
  }

  private ModelReply reply(int status, String headers, String body) throws InterruptedException {
    return reply(new Behaviour.Status(status, headers, body), CHAT);
  }

  @ParameterizedTest
  @CsvSource({
    "400, Refusal, 400",
    "413, Refusal, 400",
    "422, Refusal, 400",
    "401, Refusal, 424",
    "403, Refusal, 424",
    "404, Refusal, 424",
    "405, Refusal, 424",
    "308, Refusal, 424",
    "204, Refusal, 424",
    "408, Silence, 503",
    "500, Silence, 500",
    "502, Silence, 503",
    "504, Silence, 503",
    "429, Overload, 429",
    "503, Overload, 503",
    "529, Overload, 503"
  })
  void theStatusDecidesWhetherToAskAgain(int status, String kind, int code)
      throws InterruptedException {
    ModelReply reply = reply(status, "", "");

    assertThat(reply.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(
            switch (reply) {
              case ModelReply.Answer _ -> 200;
              case ModelReply.Refusal refusal -> refusal.errorCode();
              case ModelReply.Overload overload -> overload.errorCode();
              case ModelReply.Silence silence -> silence.errorCode();
            })
        .isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"error":{"message":"too many tokens"}}
          {"error":"too many tokens"}
          {"message":"too many tokens"}
          {"detail":"too many tokens"}
          too many tokens
          """)
  void theServersOwnWordsAreInTheMessage(String body) throws InterruptedException {
    assertThat(reply(400, "", body))
        .isEqualTo(
            new ModelReply.Refusal(
                400,
                "The model server at %s answered 400: too many tokens".formatted(server.url())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Retry-After: 7                             | PT7S
          Retry-After: 0.5                           | PT0.5S
          Retry-After: Thu, 1 Jan 2026 00:02:00 GMT  | PT2M
          Retry-After: Wed, 31 Dec 2025 00:00:00 GMT | PT0S
          Retry-After: soon                          | PT0S
          X-Nothing: 7                               | PT0S
          """)
  void theTimeThatAServerNamesIsKept(String header, Duration after) throws InterruptedException {
    assertThat(reply(429, header + "\r\n", ""))
        .isInstanceOfSatisfying(
            ModelReply.Overload.class, overload -> assertThat(overload.after()).isEqualTo(after));
  }

  @Test
  void theKeyIsSentAndInNoMessage() throws InterruptedException {
    ModelReply reply = reply(401, "", "{\"error\":{\"message\":\"wrong key\"}}");

    assertThat(seen.get().headers()).containsEntry("authorization", "Bearer secret-key");
    assertThat(reply.toString()).contains("wrong key").doesNotContain("secret-key");
  }

  @Test
  void aSuccessThatIsNoneIsAskedForAgain() throws InterruptedException {
    assertThat(reply(200, "", "<html>")).isInstanceOf(ModelReply.Silence.class);
    assertThat(reply(200, "", "{\"error\":{\"message\":\"x\"}}"))
        .isInstanceOf(ModelReply.Silence.class);
    assertThat(reply(new Behaviour.Truncate(), CHAT)).isInstanceOf(ModelReply.Silence.class);
    assertThat(reply(new Behaviour.Reset(), CHAT)).isInstanceOf(ModelReply.Silence.class);
  }

  @Test
  void aServerThatStallsIsSilentAndTheMessageSaysForHowLong() throws InterruptedException {
    assertThat(reply(new Behaviour.StallInBody(), CHAT))
        .isEqualTo(
            new ModelReply.Silence(
                424,
                "The model server at %s gave no whole answer within 400 ms"
                    .formatted(server.url())));
  }

  @Test
  void anUnfitBodyIsNotSent() throws InterruptedException {
    assertThat(reply(new Behaviour.Answer(0), "{\"messages\":7}"))
        .isEqualTo(new ModelReply.Refusal(400, "messages has to be an array, this is a number"));
    assertThat(reply(new Behaviour.Answer(0), "[]")).isInstanceOf(ModelReply.Refusal.class);
    assertThat(server.received()).isZero();
  }
}
