package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.ModelInvocationType;
import bedload.job.RecordOutcome;
import bedload.job.TokenUsage;
import bedload.trace.CallSpan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServedModelTest {
  private static final ModelReply ANSWER =
      new ModelReply.Answer("{}".getBytes(StandardCharsets.UTF_8), TokenUsage.of(1L, 1L));
  private static final ModelReply SILENCE = new ModelReply.Silence(503, "nobody there");

  private final List<Duration> pauses = new ArrayList<>();
  // A clock of its own, so that overload does not rest real launches.
  private long nanos = 1;
  private final InFlightLimit limit = new InFlightLimit(8, 8, () -> nanos);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private RecordOutcome outcome(Model model) throws Exception {
    ServedModel served =
        new ServedModel(
            model, limit, CallMeter.NONE, Patience.DEFAULT, () -> now, new Random(1), this::pause);
    return served.answer("{}".getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);
  }

  private void pause(Duration duration) {
    assertThat(limit.inFlight()).as("permits held while waiting").isZero();
    pauses.add(duration);
    now = now.plus(duration);
    nanos += duration.toNanos();
  }

  private static ModelReply overload(Duration after) {
    return new ModelReply.Overload(429, after, "busy");
  }

  /** Every call is counted by what came of it, and one that is made once more as that too. */
  @Test
  void callsAndRetriesAreCounted() throws Exception {
    List<String> counted = new ArrayList<>();
    CallMeter meter =
        new CallMeter() {
          @Override
          public void called(ModelReply reply, Duration took) {
            counted.add(reply.getClass().getSimpleName());
          }

          @Override
          public void retried() {
            counted.add("again");
          }
        };
    new ServedModel(
            new ScriptedModel(List.of(overload(Duration.ZERO), ANSWER)),
            limit,
            meter,
            Patience.DEFAULT,
            () -> now,
            new Random(1),
            this::pause)
        .answer("{}".getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);

    assertThat(counted).containsExactly("Overload", "again", "Answer");
  }

  @Test
  void anAnswerIsASuccess() throws Exception {
    ScriptedModel model = new ScriptedModel(List.of(ANSWER));

    assertThat(outcome(model)).isInstanceOf(RecordOutcome.Success.class);
    assertThat(limit.inFlight()).isZero();
  }

  /** Else a worker that lags behind its answers would pay for more and more that a crash loses. */
  @Test
  void aPlaceInFlightIsNotFreeBeforeTheOutcomeIsKept() throws Exception {
    ServedModel served =
        new ServedModel(
            new ScriptedModel(List.of(ANSWER)),
            limit,
            CallMeter.NONE,
            Patience.DEFAULT,
            () -> now,
            new Random(1),
            this::pause);
    List<Integer> inFlight = new ArrayList<>();

    served.answer(
        limit.acquire(),
        "{}".getBytes(StandardCharsets.UTF_8),
        ModelInvocationType.INVOKE_MODEL,
        () -> true,
        outcome -> inFlight.add(limit.inFlight()),
        () -> CallSpan.NONE);

    assertThat(inFlight).containsExactly(1);
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void aRefusalIsNotAskedAgain() throws Exception {
    ScriptedModel model = new ScriptedModel(List.of(new ModelReply.Refusal(400, "no")));

    assertThat(outcome(model)).isEqualTo(new RecordOutcome.Failure(400, "no"));
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void silenceIsAskedAgainAfterGrowingPauses() throws Exception {
    ScriptedModel model = new ScriptedModel(List.of(SILENCE, SILENCE, SILENCE, ANSWER));

    assertThat(outcome(model)).isInstanceOf(RecordOutcome.Success.class);
    assertThat(pauses).hasSize(3);
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(125), Duration.ofMillis(250));
    assertThat(pauses.get(1)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(pauses.get(2)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
  }

  /** A record that waited for its next call may have become another node's meanwhile. */
  @Test
  void leaveIsAskedForBeforeEveryCallAndNotOnlyTheFirst() throws Exception {
    ScriptedModel model = new ScriptedModel(List.of(SILENCE, SILENCE, ANSWER));
    ServedModel served =
        new ServedModel(
            model, limit, CallMeter.NONE, Patience.DEFAULT, () -> now, new Random(1), this::pause);
    List<RecordOutcome> kept = new ArrayList<>();
    Iterator<Boolean> leaves = List.of(true, true, false).iterator();

    served.answer(
        limit.acquire(),
        "{}".getBytes(StandardCharsets.UTF_8),
        ModelInvocationType.INVOKE_MODEL,
        leaves::next,
        kept::add,
        () -> CallSpan.NONE);

    assertThat(model.calls()).isEqualTo(2);
    assertThat(kept).isEmpty();
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void silenceIsTheRecordsEndAfterFiveCalls() throws Exception {
    ScriptedModel model = new ScriptedModel(Collections.nCopies(5, SILENCE));

    assertThat(outcome(model))
        .isEqualTo(new RecordOutcome.Failure(503, "nobody there (call 5)", 5));
    assertThat(model.calls()).isEqualTo(5);
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void overloadIsNoFailureOfTheRecordWhileTimeIsLeft() throws Exception {
    List<ModelReply> replies =
        new ArrayList<>(Collections.nCopies(20, overload(Duration.ofSeconds(60))));
    replies.add(ANSWER);

    assertThat(outcome(new ScriptedModel(replies))).isInstanceOf(RecordOutcome.Success.class);
    assertThat(pauses).hasSize(20).allMatch(Duration.ofSeconds(60)::equals);
  }

  @Test
  void overloadBeyondAllPatienceIsTheRecordsEnd() throws Exception {
    ScriptedModel model =
        new ScriptedModel(Collections.nCopies(1000, overload(Duration.ofSeconds(60))));

    assertThat(outcome(model)).isEqualTo(new RecordOutcome.Failure(429, "busy (call 31)", 31));
  }

  @Test
  void aLongMessageIsCutBetweenCharacters() throws Exception {
    String words = "x".repeat(998) + "😀 and more";
    ScriptedModel model = new ScriptedModel(List.of(new ModelReply.Refusal(400, words)));

    RecordOutcome.Failure failure = (RecordOutcome.Failure) outcome(model);

    assertThat(failure.message()).isEqualTo("x".repeat(998) + "…");
  }

  @Test
  void aFaultOfTheProgramGivesItsPermitBack() {
    assertThatThrownBy(() -> outcome(new ScriptedModel(List.of())))
        .isInstanceOf(NoSuchElementException.class);
    assertThat(limit.inFlight()).isZero();
  }
}
