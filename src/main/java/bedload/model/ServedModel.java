package bedload.model;

import bedload.job.ModelInvocationType;
import bedload.job.RecordOutcome;
import bedload.model.InFlightLimit.Permit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

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
    this(model, limit, patience, clock, random, Thread::sleep);
  }

  ServedModel(
      Model model,
      InFlightLimit limit,
      Patience patience,
      InstantSource clock,
      RandomGenerator random,
      Pause pause) {
    this.model = model;
    this.limit = limit;
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

  /**
   * Waits for a permit of rank 0, then does as {@link #answer(Permit, byte[],
   * ModelInvocationType)}.
   */
  public RecordOutcome answer(byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    return answer(limit.acquire(0), modelInput, type);
  }

  /**
   * Returns what became of a record, after as many calls as patience allows. Blocks for as long as
   * that takes: a virtual thread per record is meant.
   *
   * @param first a permit of {@link #limit()} for the first call, closed by this method whatever
   *     happens; further calls get their own, of the same rank
   * @param modelInput a JSON object on one line
   * @throws InterruptedException if the thread was interrupted; the call in flight is given up and
   *     its connection closed
   */
  public RecordOutcome answer(Permit first, byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    Attempts attempts = new Attempts(patience, clock, random);
    Attempts.Next next = attempts.after(call(first, modelInput, type));
    while (true) {
      switch (next) {
        case Attempts.Next.Done done -> {
          return done.outcome();
        }
        case Attempts.Next.Again again -> {
          // Without a permit: a record that only waits must not take a place in flight.
          pause.rest(again.pause());
          next = attempts.after(call(limit.acquire(first.rank()), modelInput, type));
        }
      }
    }
  }

  private ModelReply call(Permit permit, byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    try (permit) {
      ModelReply reply = model.invoke(modelInput, type);
      permit.close(reply);
      return reply;
    }
  }
}
