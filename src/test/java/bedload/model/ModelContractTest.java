package bedload.model;

import bedload.model.body.Family;
import bedload.model.http.HttpTransport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Every backend under the contract. */
class ModelContractTest {
  private static final MiniLmLoader WEIGHTS = new MiniLmLoader();
  private static final HttpTransport TRANSPORT = new HttpTransport();
  private static TestModelServer server;
  private static FakeBedrockRuntime bedrock;

  @BeforeAll
  static void start() {
    server = TestModelServer.strict();
    bedrock = FakeBedrockRuntime.start();
  }

  @AfterAll
  static void stop() {
    WEIGHTS.close();
    TRANSPORT.close();
    server.close();
    bedrock.close();
  }

  private static Model served(Family family) {
    return new OpenAiServer(
        TRANSPORT,
        ModelEntry.Server.at(server.url(), "served"),
        null,
        family,
        Set.of(),
        InstantSource.system());
  }

  @Nested
  class Echo extends ModelContract {
    @Override
    Model model() {
      return new EchoModel();
    }

    @Override
    String body(String text) {
      return "{\"prompt\":\"%s\"}".formatted(text);
    }
  }

  @Nested
  class Bedrock extends ModelContract {
    @Override
    Model model() {
      return new BedrockRuntime(
          TRANSPORT,
          bedrock.url().toString(),
          "any.model-v1:0",
          Duration.ofSeconds(10),
          CallSigner.sigV4(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create(
                      FakeBedrockRuntime.ACCESS_KEY, FakeBedrockRuntime.SECRET)),
              "us-east-1",
              InstantSource.system()),
          InstantSource.system());
    }

    @Override
    String body(String text) {
      return "{\"prompt\":\"%s\"}".formatted(text);
    }
  }

  @Nested
  class ServedByReplicas extends ModelContract {
    private final ReplicaBoard board = new ReplicaBoard(List.of("a", "b"), 64, System::nanoTime);

    @Override
    Model model() {
      return new ReplicatedModel(
          List.of(served(Family.OPENAI_CHAT), served(Family.OPENAI_CHAT)), board);
    }

    @Override
    String body(String text) {
      return "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text);
    }
  }

  @Nested
  class InProcess extends ModelContract {
    @Override
    Model model() {
      return new MiniLmEmbedding(WEIGHTS, Family.TITAN_EMBEDDING);
    }

    @Override
    String body(String text) {
      return "{\"inputText\":\"%s\"}".formatted(text);
    }
  }

  @Nested
  class InProcessCohere extends ModelContract {
    @Override
    Model model() {
      return new MiniLmEmbedding(WEIGHTS, Family.COHERE_EMBED);
    }

    @Override
    String body(String text) {
      return "{\"input_type\":\"clustering\",\"texts\":[\"silt\",\"%s\"]}".formatted(text);
    }
  }

  @Nested
  class ServedCommandR extends ModelContract {
    @Override
    Model model() {
      return served(Family.COHERE_COMMAND_R);
    }

    @Override
    String body(String text) {
      return "{\"message\":\"%s\"}".formatted(text);
    }
  }

  @Nested
  class ServedCohereEmbedding extends ModelContract {
    @Override
    Model model() {
      return served(Family.COHERE_EMBED);
    }

    @Override
    String body(String text) {
      return "{\"input_type\":\"clustering\",\"texts\":[\"silt\",\"%s\"]}".formatted(text);
    }
  }

  @Nested
  class ServedEmbedding extends ModelContract {
    @Override
    Model model() {
      return served(Family.TITAN_EMBEDDING);
    }

    @Override
    String body(String text) {
      return "{\"inputText\":\"%s\"}".formatted(text);
    }
  }

  @Nested
  class ServedAnthropic extends ModelContract {
    @Override
    Model model() {
      return served(Family.ANTHROPIC_MESSAGES);
    }

    @Override
    String body(String text) {
      return """
      {"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"%s"}]}"""
          .formatted(text);
    }
  }

  @Nested
  class ServedChat extends ModelContract {
    @Override
    Model model() {
      return served(Family.OPENAI_CHAT);
    }

    @Override
    String body(String text) {
      return "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text);
    }
  }

  @Nested
  class ServedNova extends ModelContract {
    @Override
    Model model() {
      return served(Family.NOVA);
    }

    @Override
    String body(String text) {
      return "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"%s\"}]}]}".formatted(text);
    }
  }

  @Nested
  class ServedLlama extends ModelContract {
    @Override
    Model model() {
      return served(Family.LLAMA);
    }

    @Override
    String body(String text) {
      return "{\"prompt\":\"%s\"}".formatted(text);
    }
  }
}
