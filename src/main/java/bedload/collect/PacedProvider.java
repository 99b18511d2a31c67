package bedload.collect;

import bedload.collect.ProviderReply.Answer;
import bedload.collect.ProviderReply.Refused;
import bedload.collect.ProviderReply.Throttled;
import bedload.collect.ProviderReply.Unavailable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Calls at the source's pace and patiently: what the provider puts off is asked again until it is
 * answered, and what did not come through a few times. Counts what one sync takes. Thread-safe.
 */
final class PacedProvider {
  private static final int MOST_ATTEMPTS = 4;

  /** A hundred complaints at the longest wait; who complains longer is asked at the next sync. */
  private static final int MOST_THROTTLES = 120;

  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final Source source;
  private final Provider provider;
  private final CallPace pace;
  private final Pause pause;
  private final RandomGenerator random;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger throttled = new AtomicInteger();

  PacedProvider(
      Source source, Provider provider, CallPace pace, Pause pause, RandomGenerator random) {
    this.source = source;
    this.provider = provider;
    this.pace = pace;
    this.pause = pause;
    this.random = random;
  }

  int calls() {
    return calls.get();
  }

  int throttled() {
    return throttled.get();
  }

  /**
   * Returns the answer.
   *
   * @throws SourceTrouble if there is none
   */
  Map<String, Object> answer(String service, String operation, Map<String, ?> members) {
    return switch (reply(service, operation, members)) {
      case Answer(Map<String, Object> document) -> document;
      case Refused(String code, String sentence) -> throw refused(operation, code, sentence);
      case Throttled(String sentence) ->
          throw trouble(operation, "is put off again and again", sentence);
      case Unavailable(String sentence) -> throw trouble(operation, "gets no answer", sentence);
    };
  }

  /**
   * Returns the answer; empty if the provider refuses this one question, and the sentence for that
   * is of no use to anybody.
   *
   * @throws SourceTrouble if there is none for another reason
   */
  Optional<Map<String, Object>> answerIfAny(
      String service, String operation, Map<String, ?> members) {
    return switch (reply(service, operation, members)) {
      case Answer(Map<String, Object> document) -> Optional.of(document);
      case Refused(String code, String sentence) when isAboutRights(code) ->
          throw refused(operation, code, sentence);
      case Refused _ -> Optional.empty();
      case Throttled(String sentence) ->
          throw trouble(operation, "is put off again and again", sentence);
      case Unavailable(String sentence) -> throw trouble(operation, "gets no answer", sentence);
    };
  }

  private static boolean isAboutRights(String code) {
    return code.contains("AccessDenied") || code.contains("Unauthorized");
  }

  private SourceTrouble trouble(String operation, String what, String sentence) {
    return new SourceTrouble(
        "%s of account %s in %s at %s %s: %s"
            .formatted(
                operation,
                source.account().value(),
                source.region(),
                source.origin(),
                what,
                sentence),
        true);
  }

  private SourceTrouble refused(String operation, String code, String sentence) {
    String advice =
        isAboutRights(code)
            ? ". What a collector must be allowed to do, bedload sync --policy prints"
            : "";
    return SourceTrouble.refused(
        "%s of account %s in %s is refused: %s%s"
            .formatted(operation, source.account().value(), source.region(), sentence, advice),
        code);
  }

  private ProviderReply reply(String service, String operation, Map<String, ?> members) {
    int attempts = 0;
    int throttles = 0;
    while (true) {
      await(pace.next());
      calls.incrementAndGet();
      ProviderReply reply = provider.call(service, operation, members);
      switch (reply) {
        case Answer _ -> {
          pace.speedUp();
          return reply;
        }
        case Refused _ -> {
          return reply;
        }
        case Throttled _ -> {
          throttled.incrementAndGet();
          pace.slowDown();
          throttles++;
          if (throttles >= MOST_THROTTLES) {
            return reply;
          }
          await(backOff(throttles));
        }
        case Unavailable _ -> {
          attempts++;
          if (attempts >= MOST_ATTEMPTS) {
            return reply;
          }
          await(backOff(attempts));
        }
      }
    }
  }

  /** Returns a wait of which half is by chance, so that sources do not come back all at once. */
  private Duration backOff(int times) {
    long longest =
        Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << Math.min(times - 1, 10));
    return Duration.ofMillis(longest / 2 + random.nextLong(longest / 2 + 1));
  }

  private void await(Duration duration) {
    if (!pause.waited(duration)) {
      throw new SourceTrouble(
          "The service ended, or another node took over, before the sync was done", true);
    }
  }
}
