package bedload.model;

import bedload.job.RecordOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The calls made for one record so far, and what follows from the latest reply. */
final class Attempts {
  /** What follows from a reply. */
  sealed interface Next {
    /** The record has its outcome. */
    record Done(RecordOutcome outcome) implements Next {}

    /** No call may be made for it any more; the record has no outcome. */
    record Left() implements Next {}

    /** The call is to be made again after a pause. */
    record Again(Duration pause) implements Next {}
  }

  private static final int LONGEST_MESSAGE = 1000;

  private final Patience patience;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Instant began;
  private int calls;
  private int silences;

  Attempts(Patience patience, InstantSource clock, RandomGenerator random) {
    this.patience = patience;
    this.clock = clock;
    this.random = random;
    this.began = clock.instant();
  }

  /** Returns what follows from the reply to the latest call. */
  Next after(ModelReply reply) {
    calls++;
    return switch (reply) {
      case ModelReply.Answer answer ->
          new Next.Done(new RecordOutcome.Success(answer.modelOutput(), answer.usage()));
      case ModelReply.Refusal refusal -> failed(refusal.errorCode(), refusal.message());
      case ModelReply.Silence silence -> {
        silences++;
        yield silences < patience.silences()
            ? new Next.Again(pause(Duration.ZERO))
            : failed(silence.errorCode(), "%s (call %d)".formatted(silence.message(), calls));
      }
      case ModelReply.Overload overload -> {
        Duration pause = pause(overload.after());
        Duration waited = Duration.between(began, clock.instant());
        yield waited.plus(pause).compareTo(patience.overload()) <= 0
            ? new Next.Again(pause)
            : failed(overload.errorCode(), "%s (call %d)".formatted(overload.message(), calls));
      }
    };
  }

  /**
   * Returns a pause between half and all of what is due, so that records refused together do not
   * come back together, and never one shorter than the server asked for.
   */
  private Duration pause(Duration least) {
    Duration due = patience.pauseAfter(calls);
    Duration pause = Duration.ofNanos((long) (due.toNanos() * (0.5 + random.nextDouble() / 2)));
    return pause.compareTo(least) > 0 ? pause : least;
  }

  private Next failed(int errorCode, String message) {
    return new Next.Done(new RecordOutcome.Failure(errorCode, cut(message), calls));
  }

  private static String cut(String message) {
    if (message.length() <= LONGEST_MESSAGE) {
      return message;
    }
    int end = LONGEST_MESSAGE - 1;
    // Half of a surrogate pair would not be Unicode, and the output line not UTF-8.
    end = Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end;
    return message.substring(0, end) + "…";
  }
}
