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
    this.backends = new Backends(clock);
  }

  /**
   * Asks the model of an entry for a word or two. Where the family depends on the model's id, the
   * server is asked as for a chat.
   */
  public Finding probe(ModelEntry entry) throws InterruptedException {
    Family family = entry.oneFamily().orElse(Family.OPENAI_CHAT);
    try {
      Model model = backends.model(shortened(entry, family), entry.key(environment), "any");
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

  private ModelEntry shortened(ModelEntry entry, Family family) {
    return switch (entry.backend()) {
      case ModelEntry.Server server ->
          new ModelEntry(
              entry.pattern(),
              server.within(
                  server.deadline().compareTo(patience) < 0 ? server.deadline() : patience),
              family,
              entry.lenient());
      case ModelEntry.InProcessEmbedding _, ModelEntry.Echo _ -> entry;
    };
  }

  @Override
  public void close() {
    backends.close();
  }
}
