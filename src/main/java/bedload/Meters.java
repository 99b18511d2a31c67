package bedload;

import bedload.job.TokenUsage;
import bedload.model.CallMeter;
import bedload.model.ModelReply;
import bedload.work.WorkMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What this node counts of its own work, as figures for Prometheus. Thread-safe. */
final class Meters implements WorkMeter {
  /** From an embedding of a millisecond to a long answer of ten minutes. */
  private static final Duration[] CALL_BOUNDS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(10)
  };

  private static final Duration[] DISK_BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Timer segments;
  private final DistributionSummary segmentBytes;
  private final Timer journal;

  Meters(MeterRegistry registry) {
    this.registry = registry;
    this.segments =
        Timer.builder("bedload.segment.write")
            .description("Segments written: the object and its row")
            .serviceLevelObjectives(DISK_BOUNDS)
            .register(registry);
    this.segmentBytes =
        DistributionSummary.builder("bedload.segment.size")
            .description("What segments hold")
            .baseUnit("bytes")
            .register(registry);
    this.journal =
        Timer.builder("bedload.journal.force")
            .description("Journals brought to the disk")
            .serviceLevelObjectives(DISK_BOUNDS)
            .register(registry);
    for (String kind : new String[] {"input", "output", "cache_read", "cache_write"}) {
      tokens(kind, 0L);
    }
  }

  @Override
  public void segmentWritten(long sizeBytes, TokenUsage tokens, Duration took) {
    segments.record(took);
    segmentBytes.record((double) sizeBytes);
    tokens("input", tokens.input());
    tokens("output", tokens.output());
    tokens("cache_read", tokens.cacheRead());
    tokens("cache_write", tokens.cacheWrite());
  }

  private void tokens(String kind, @Nullable Long count) {
    Counter.builder("bedload.tokens")
        .description("Tokens of answers that are durable, as model servers counted them")
        .tag("kind", kind)
        .register(registry)
        .increment(count == null ? 0.0 : count.doubleValue());
  }

  @Override
  public void journalForced(Duration took) {
    journal.record(took);
  }

  /**
   * Returns what counts the calls to a model.
   *
   * @param pattern the model map's entry: a label of few values, which ids of users are not
   */
  CallMeter calls(String pattern) {
    Timer answers = callTimer(pattern, "answer");
    Timer refusals = callTimer(pattern, "refusal");
    Timer overloads = callTimer(pattern, "overload");
    Timer silences = callTimer(pattern, "silence");
    Counter retries =
        Counter.builder("bedload.model.retries")
            .description("Calls that had to be made once more")
            .tag("model", pattern)
            .register(registry);
    return new CallMeter() {
      @Override
      public void called(ModelReply reply, Duration took) {
        Timer timer =
            switch (reply) {
              case ModelReply.Answer _ -> answers;
              case ModelReply.Refusal _ -> refusals;
              case ModelReply.Overload _ -> overloads;
              case ModelReply.Silence _ -> silences;
            };
        timer.record(took);
      }

      @Override
      public void retried() {
        retries.increment();
      }
    };
  }

  private Timer callTimer(String pattern, String reply) {
    return Timer.builder("bedload.model.call")
        .description("Calls to what answers for a model, by what came of them")
        .tag("model", pattern)
        .tag("reply", reply)
        .serviceLevelObjectives(CALL_BOUNDS)
        .register(registry);
  }
}
