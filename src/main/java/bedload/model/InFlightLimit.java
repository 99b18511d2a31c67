package bedload.model;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The permits for calls to one backend. Their number follows the backend's replies and never passes
 * the cap, which may change at any time. Accounts that wait have a like share of them, and so have
 * the jobs of an account; within a job the lowest rank goes first. Thread-safe.
 */
public final class InFlightLimit {
  /** How long launches rest if even a call alone was refused and no time was named. */
  private static final Duration SHORTEST_REST = Duration.ofMillis(250);

  /**
   * A server may ask for longer; a probe a minute costs it nothing and finds it when it is back.
   */
  private static final Duration LONGEST_REST = Duration.ofMinutes(1);

  private static final int LEAST_DEMAND = 32;

  private final int most;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final FairLine line = new FairLine();
  private final Window window;
  private int inFlight;
  private long restUntil;
  private long grantUntil;
  private boolean granted;
  private final Allowance allowance = new Allowance();

  /**
   * Makes a limit that starts at {@code initial} calls and finds its size up to {@code cap}.
   *
   * @throws IllegalArgumentException unless 1 <= initial <= cap
   */
  public InFlightLimit(int initial, int cap) {
    this(initial, cap, System::nanoTime);
  }

  InFlightLimit(int initial, int cap, LongSupplier nanoTime) {
    this.most = cap;
    this.nanoTime = nanoTime;
    long now = nanoTime.getAsLong();
    this.window = new Window(initial, cap, now);
    this.restUntil = now;
  }

  /** Waits for a permit on behalf of nobody's job. */
  public Permit acquire() throws InterruptedException {
    return acquire(Turn.ALONE);
  }

  /** Waits for a permit. */
  public Permit acquire(Turn turn) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      FairLine.Waiter waiter = line.join(turn, lock.newCondition());
      try {
        while (!isNext(waiter)) {
          long rest = restLeft();
          if (rest > 0) {
            waiter.changed().awaitNanos(rest);
          } else {
            waiter.changed().await();
          }
        }
        // Before it leaves: a line that nobody stands in is forgotten, and when it was served last.
        line.begun(turn);
      } finally {
        line.leave(waiter);
      }
      inFlight++;
      allowance.begun();
      return new Permit(turn, nanoTime.getAsLong(), inFlight);
    } finally {
      // Both the one who got a permit and the one who gave up leave the next one to look.
      wakeNext();
      lock.unlock();
    }
  }

  /**
   * Sets the most calls that may be in flight until a time, from when on there may be none: how a
   * node takes its share of a limit over all nodes.
   *
   * @param untilNanos on the clock of {@link System#nanoTime()}
   */
  public void grant(int cap, long untilNanos) {
    lock.lock();
    try {
      granted = true;
      grantUntil = untilNanos;
      window.cap(cap);
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds to the calls and tokens that may be begun; from the first time on no call is begun
   * without.
   *
   * @param calls infinite if their number is not limited; likewise tokens
   */
  public void allow(double calls, double tokens) {
    lock.lock();
    try {
      allowance.add(calls, tokens);
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What a backend could use of a share.
   *
   * @param inFlight calls in flight that it could make use of; zero if nobody calls
   * @param calls that could be begun beyond those that are allowed
   * @param tokens likewise
   */
  public record Demand(int inFlight, double calls, double tokens) {}

  /**
   * Returns what could be used of a share.
   *
   * @param sinceAsked the time since this was last asked
   */
  public Demand demand(Duration sinceAsked) {
    lock.lock();
    try {
      int busy = inFlight + line.size();
      return busy == 0
          ? new Demand(0, 0, 0)
          // Twice what it has, so that it can double at each renewal.
          : new Demand(
              Math.max(LEAST_DEMAND, 2 * busy),
              allowance.callsWanted(sinceAsked),
              allowance.tokensWanted());
    } finally {
      lock.unlock();
    }
  }

  /** Sets the most calls that may be in flight; those beyond it end by themselves. */
  public void cap(int cap) {
    lock.lock();
    try {
      window.cap(cap);
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the most calls that may ever be in flight. */
  public int most() {
    return most;
  }

  /** Returns how many calls may be in flight now. */
  public int size() {
    lock.lock();
    try {
      return openNow();
    } finally {
      lock.unlock();
    }
  }

  /** Returns why as many calls may be in flight as may. */
  public WindowReason why() {
    lock.lock();
    try {
      WindowReason why =
          isLapsed()
              ? new WindowReason(WindowReason.Cause.CAPPED, 0, 0)
              : window.why(nanoTime.getAsLong());
      return restLeft() > 0 ? new WindowReason(WindowReason.Cause.RESTING, 0, why.size()) : why;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many permits are out. */
  public int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("ReferenceEquality") // a waiter is itself
  private boolean isNext(FairLine.Waiter waiter) {
    return line.next() == waiter && inFlight < openNow() && restLeft() <= 0 && allowance.isOpen();
  }

  private int openNow() {
    return isLapsed() ? 0 : window.size(nanoTime.getAsLong());
  }

  private boolean isLapsed() {
    return granted && nanoTime.getAsLong() - grantUntil >= 0;
  }

  private long restLeft() {
    return restUntil - nanoTime.getAsLong();
  }

  private void wakeNext() {
    FairLine.Waiter next = line.next();
    if (next != null) {
      next.changed().signal();
    }
  }

  /** Leave to make one call. Closing it without a reply gives it back and teaches nothing. */
  public final class Permit implements AutoCloseable {
    private final Turn turn;
    private final long began;
    private final int calls;
    private boolean closed;

    private Permit(Turn turn, long began, int calls) {
      this.turn = turn;
      this.began = began;
      this.calls = calls;
    }

    /** Returns on whose behalf it was asked for. */
    Turn turn() {
      return turn;
    }

    /** Says whether it is leave to make a call still; not once the node's grant has lapsed. */
    boolean isGood() {
      lock.lock();
      try {
        return !isLapsed();
      } finally {
        lock.unlock();
      }
    }

    /** Gives the permit back, and lets the limit learn from the reply to its call. */
    void close(ModelReply reply) {
      lock.lock();
      try {
        if (!closed) {
          learn(reply, nanoTime.getAsLong());
          close();
        }
      } finally {
        lock.unlock();
      }
    }

    private void learn(ModelReply reply, long now) {
      switch (reply) {
        case ModelReply.Answer answer -> {
          Long tokens = answer.usage().output();
          allowance.settle(answer.usage());
          window.answered(began, calls, now, tokens == null ? 1 : tokens);
        }
        case ModelReply.Overload overload -> {
          boolean atLeast = window.size(now) <= 1;
          window.refused(began, inFlight - 1, now);
          // A smaller window is the answer to a refusal, unless it cannot get smaller or the server
          // names a time.
          Duration rest = overload.after();
          if (atLeast && rest.compareTo(SHORTEST_REST) < 0) {
            rest = SHORTEST_REST;
          }
          rest = rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
          long until = now + rest.toNanos();
          restUntil = until - restUntil > 0 ? until : restUntil;
        }
        // A record to blame says nothing of load, nor does a broken connection.
        case ModelReply.Refusal _, ModelReply.Silence _ -> {}
      }
    }

    /** Gives the permit back; a second time does nothing. */
    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          inFlight--;
          line.ended(turn);
          wakeNext();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
