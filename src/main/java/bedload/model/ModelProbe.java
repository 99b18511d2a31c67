package bedload.model;

import bedload.job.ModelInvocationType;
import bedload.job.TokenUsage;
import bedload.model.body.Family;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Tries the entries of a model map, each by one real call that is not repeated. */
public final class ModelProbe implements AutoCloseable {
  /** What a call showed. */
  public sealed interface Finding {
    /** The model answered, in its family's form. */
    record Answered(Duration took, TokenUsage usage) implements Finding {}

    /** It did not; the sentence says what happened and, where known, what to do. */
    record Failed(String sentence) implements Finding {}
  }

  private final Map<String, String> environment;
  private final Duration patience;
  private final InstantSource clock;
  private final Backends backends;

  /**
   * Makes a probe.
   *
   * @param environment where the entries' API keys may be
   * @param patience no call takes longer, whatever its entry allows
   */
  public ModelProbe(Map<String, String> environment, Duration patience, InstantSource clock) {
    this.environment = environment;
    this.patience = patience;
    this.clock = clock;
    this.backends = new Backends(environment, clock);
  }

  /**
   * Asks the model of an entry for a word or two. Where the family depends on the model's id, the
   * server is asked as for a chat.
   */
  public Finding probe(ModelEntry entry) throws InterruptedException {
    Family family = entry.oneFamily().orElse(Family.OPENAI_CHAT);
    try {
      Model model = backends.model(shortened(entry, family), entry.key(environment), called(entry));
      Instant asked = clock.instant();
      ModelReply reply = model.invoke(ProbeBodies.of(family), ModelInvocationType.INVOKE_MODEL);
      return switch (reply) {
        case ModelReply.Answer answer ->
            new Finding.Answered(Duration.between(asked, clock.instant()), answer.usage());
        case ModelReply.Refusal refusal -> new Finding.Failed(refusal.message());
        case ModelReply.Overload overload -> new Finding.Failed(overload.message());
        case ModelReply.Silence silence -> new Finding.Failed(silence.message());
      };
    } catch (IllegalArgumentException keyMissing) {
      return new Finding.Failed(String.valueOf(keyMissing.getMessage()));
    }
  }

  /** Returns the id that a job would name. */
  private static String called(ModelEntry entry) {
    boolean isOpen =
        entry.backend() instanceof BedrockBackend bedrock
            && bedrock.served() == null
            && entry.pattern().contains("*");
    if (isOpen) {
      throw new IllegalArgumentException(
          "%s stands for many models of Bedrock; to try one, give the entry a `served`"
              .formatted(entry.pattern()));
    }
    return entry.pattern();
  }

  private ModelEntry shortened(ModelEntry entry, Family family) {
    ModelEntry.Backend backend =
        switch (entry.backend()) {
          case ModelEntry.Server server -> server.within(shorter(server.deadline()));
          case ModelEntry.Replicas replicas ->
              replicas.within(shorter(replicas.servers().getFirst().deadline()));
          case BedrockBackend bedrock -> bedrock.within(shorter(bedrock.deadline()));
          case ModelEntry.InProcessEmbedding same -> same;
          case ModelEntry.Echo same -> same;
        };
    boolean isElsewhere =
        !(backend instanceof ModelEntry.InProcessEmbedding || backend instanceof ModelEntry.Echo);
    return new ModelEntry(
        entry.pattern(),
        backend,
        isElsewhere ? family : entry.family(),
        entry.lenient(),
        entry.price(),
        null);
  }

  private Duration shorter(Duration deadline) {
    return deadline.compareTo(patience) < 0 ? deadline : patience;
  }

  @Override
  public void close() {
    backends.close();
  }
}
