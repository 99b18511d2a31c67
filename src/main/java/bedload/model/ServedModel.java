package bedload.model;

import bedload.job.ModelInvocationType;
import bedload.job.RecordOutcome;
import bedload.model.InFlightLimit.Permit;
import bedload.trace.CallSpan;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A model with the limit of its backend and the patience for its failings: what a worker calls for
 * each record. Thread-safe.
 */
public final class ServedModel {
  /** How a thread waits between two calls. */
  interface Pause {
    void rest(Duration duration) throws InterruptedException;
  }

  private final Model model;
  private final InFlightLimit limit;
  private final CallMeter meter;
  private final Patience patience;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Pause pause;

  /**
   * Makes a model served.
   *
   * @param limit shared by all models of one backend
   */
  public ServedModel(
      Model model,
      InFlightLimit limit,
      Patience patience,
      InstantSource clock,
      RandomGenerator random) {
    this(model, limit, CallMeter.NONE, patience, clock, random, Thread::sleep);
  }

  /** As the other, with its calls counted. */
  ServedModel(
      Model model,
      InFlightLimit limit,
      CallMeter meter,
      Patience patience,
      InstantSource clock,
      RandomGenerator random) {
    this(model, limit, meter, patience, clock, random, Thread::sleep);
  }

  ServedModel(
      Model model,
      InFlightLimit limit,
      CallMeter meter,
      Patience patience,
      InstantSource clock,
      RandomGenerator random,
      Pause pause) {
    this.model = model;
    this.limit = limit;
    this.meter = meter;
    this.patience = patience;
    this.clock = clock;
    this.random = random;
    this.pause = pause;
  }

  /** Returns the limit of the backend's calls in flight; a permit of it begins each record. */
  public InFlightLimit limit() {
    return limit;
  }

  /** Returns who answers, for people. */
  public String servedBy() {
    return model.servedBy();
  }

  /** Where an outcome is kept. */
  public interface Keeper {
    /** Keeps the outcome; the record's place in flight is held until this returns. */
    void keep(RecordOutcome outcome) throws IOException, InterruptedException;
  }

  /** Whether a call may be paid for at this moment. */
  public interface Leave {
    /** Waits until that is known; no means that no call may be made for the record any more. */
    boolean isGiven() throws InterruptedException;
  }

  /** Waits for a permit on behalf of nobody's job and returns what became of a record. */
  public RecordOutcome answer(byte[] modelInput, ModelInvocationType type)
      throws IOException, InterruptedException {
    AtomicReference<@Nullable RecordOutcome> kept = new AtomicReference<>();
    answer(limit.acquire(), modelInput, type, () -> true, kept::set, () -> CallSpan.NONE);
    return Objects.requireNonNull(kept.get());
  }

  /**
   * Finds out what becomes of a record, by as many calls as patience allows. Blocks for as long as
   * that takes: a virtual thread per record is meant.
   *
   * <p>No place in flight is free before its outcome is kept. A worker that cannot keep up with its
   * answers so makes fewer calls, and the answers that a crash can lose are never more than the
   * calls in flight.
   *
   * @param first a permit of {@link #limit()} for the first call, closed by this method whatever
   *     happens; further calls get their own, in the same turn
   * @param modelInput a JSON object on one line
   * @param leave asked right before each call, the first and all others: a record may have waited
   *     long for it
   * @param trace begins the span of each call
   * @throws IOException if the outcome could not be kept
   * @throws InterruptedException if the thread was interrupted; the call in flight is given up and
   *     its connection closed
   */
  public void answer(
      Permit first,
      byte[] modelInput,
      ModelInvocationType type,
      Leave leave,
      Keeper keeper,
      Supplier<CallSpan> trace)
      throws IOException, InterruptedException {
    Attempts attempts = new Attempts(patience, clock, random);
    Permit permit = first;
    while (true) {
      if (!permit.isGood()) {
        // This node's share of the limit ran out while the permit waited to be used.
        permit.close();
        permit = limit.acquire(first.turn());
        continue;
      }
      switch (call(permit, attempts, modelInput, type, leave, keeper, trace)) {
        case Attempts.Next.Done _, Attempts.Next.Left _ -> {
          return;
        }
        case Attempts.Next.Again again -> {
          meter.retried();
          // Without a permit: a record that only waits must not take a place in flight.
          pause.rest(again.pause());
          permit = limit.acquire(first.turn());
        }
      }
    }
  }

  private Attempts.Next call(
      Permit permit,
      Attempts attempts,
      byte[] modelInput,
      ModelInvocationType type,
      Leave leave,
      Keeper keeper,
      Supplier<CallSpan> trace)
      throws IOException, InterruptedException {
    try (permit) {
      if (!leave.isGiven()) {
        return new Attempts.Next.Left();
      }
      long began = System.nanoTime();
      ModelReply reply = traced(modelInput, type, trace.get());
      meter.called(reply, Duration.ofNanos(System.nanoTime() - began));
      Attempts.Next next = attempts.after(reply);
      if (next instanceof Attempts.Next.Done(RecordOutcome outcome)) {
        keeper.keep(outcome);
      }
      permit.close(reply);
      return next;
    }
  }

  private ModelReply traced(byte[] modelInput, ModelInvocationType type, CallSpan span)
      throws InterruptedException {
    if (span.traceparent().isEmpty()) {
      return model.invoke(modelInput, type);
    }
    try {
      ModelReply reply =
          ScopedValue.where(CallSpan.CURRENT, span).call(() -> model.invoke(modelInput, type));
      switch (reply) {
        case ModelReply.Answer answer -> span.answered(answer.usage());
        case ModelReply.Refusal refusal -> span.failed(refusal.errorCode(), refusal.message());
        case ModelReply.Overload overload -> span.failed(overload.errorCode(), overload.message());
        case ModelReply.Silence silence -> span.failed(silence.errorCode(), silence.message());
      }
      return reply;
    } finally {
      span.close();
    }
  }
}
