package bedload.model;

import bedload.model.body.Family;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** Every backend that is a server under the contract of those. */
class RemoteModelContractTest {
  private static OpenAiServer served(RemoteModelContract contract, URI url, Duration deadline) {
    return new OpenAiServer(
        contract.transport,
        new ModelEntry.Server(url, "m", null, deadline, 8, 8),
        RemoteModelContract.SECRET,
        Family.OPENAI_CHAT,
        Set.of(),
        InstantSource.system());
  }

  @Nested
  class OpenAiCompatible extends RemoteModelContract {
    @Override
    Model model(URI url, Duration deadline) {
      return served(this, url, deadline);
    }
  }

  /** Whatever the last server says is what the replicas say. */
  @Nested
  class Replicas extends RemoteModelContract {
    @Override
    Model model(URI url, Duration deadline) {
      return new ReplicatedModel(
          List.of(served(this, url, deadline)),
          new ReplicaBoard(List.of(url.toString()), 8, System::nanoTime));
    }
  }

  @Nested
  class Bedrock extends RemoteModelContract {
    @Override
    Model model(URI url, Duration deadline) {
      return new BedrockRuntime(
          transport,
          url.toString(),
          "any.model",
          deadline,
          CallSigner.bearer(SECRET),
          InstantSource.system());
    }
  }
}
