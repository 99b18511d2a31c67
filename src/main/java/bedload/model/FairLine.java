package bedload.model;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a permit, and who is next: of the accounts that wait, the one with the fewest calls
 * in flight; of its jobs likewise; of the job's waiters the one of the lowest rank, and of equal
 * ones the first that came. Where two have as many in flight, the one that was served longest ago
 * goes first, or came. So a small job has its share of the calls from its first moment, however
 * large the job is that came before it, and what somebody does not want is the others'. Not
 * thread-safe.
 */
final class FairLine {
  private final Map<String, Account> accounts = new HashMap<>();
  private long moments;

  /** A thread in line. Two are never equal, so that each finds itself in the queue. */
  static final class Waiter implements Comparable<Waiter> {
    private final Turn turn;
    private final long arrival;
    private final Condition changed;

    private Waiter(Turn turn, long arrival, Condition changed) {
      this.turn = turn;
      this.arrival = arrival;
      this.changed = changed;
    }

    /** Returns what tells the thread to look again whether it is next. */
    Condition changed() {
      return changed;
    }

    @Override
    public int compareTo(Waiter other) {
      int byRank = Long.compare(turn.rank(), other.turn.rank());
      return byRank != 0 ? byRank : Long.compare(arrival, other.arrival);
    }
  }

  /** What an account or a job has of the calls. */
  private static class Share {
    static final Comparator<Share> ORDER =
        Comparator.<Share>comparingInt(share -> share.inFlight)
            .thenComparingLong(share -> share.servedAt);

    int inFlight;
    int waiting;
    long servedAt;

    Share(long cameAt) {
      servedAt = cameAt;
    }

    boolean isIdle() {
      return inFlight == 0 && waiting == 0;
    }
  }

  private static final class Account extends Share {
    final Map<String, Job> jobs = new HashMap<>();

    Account(long cameAt) {
      super(cameAt);
    }
  }

  private static final class Job extends Share {
    final PriorityQueue<Waiter> waiters = new PriorityQueue<>();

    Job(long cameAt) {
      super(cameAt);
    }
  }

  /** Lets somebody join the line. */
  Waiter join(Turn turn, Condition changed) {
    long now = moments++;
    Waiter waiter = new Waiter(turn, now, changed);
    Account account = accounts.computeIfAbsent(turn.account(), _ -> new Account(now));
    Job job = account.jobs.computeIfAbsent(turn.job(), _ -> new Job(now));
    job.waiters.add(waiter);
    job.waiting++;
    account.waiting++;
    return waiter;
  }

  /** Takes somebody out of the line, whether served or not. */
  void leave(Waiter waiter) {
    Account account = account(waiter.turn);
    Job job = job(account, waiter.turn);
    job.waiters.remove(waiter);
    job.waiting--;
    account.waiting--;
    forgetIfIdle(account, job, waiter.turn);
  }

  /** Counts a call that begins, of somebody who is still in line. */
  void begun(Turn turn) {
    Account account = account(turn);
    Job job = job(account, turn);
    long now = moments++;
    for (Share share : new Share[] {account, job}) {
      share.inFlight++;
      share.servedAt = now;
    }
  }

  /** Counts a call that has ended. */
  void ended(Turn turn) {
    Account account = account(turn);
    Job job = job(account, turn);
    account.inFlight--;
    job.inFlight--;
    forgetIfIdle(account, job, turn);
  }

  /** Returns who is next; null if nobody waits. */
  @Nullable Waiter next() {
    Account account = least(accounts);
    Job job = account == null ? null : least(account.jobs);
    return job == null ? null : job.waiters.peek();
  }

  /** Returns how many wait. */
  int size() {
    return accounts.values().stream().mapToInt(account -> account.waiting).sum();
  }

  private static <S extends Share> @Nullable S least(Map<String, S> shares) {
    S least = null;
    for (S share : shares.values()) {
      if (share.waiting > 0 && (least == null || Share.ORDER.compare(share, least) < 0)) {
        least = share;
      }
    }
    return least;
  }

  private Account account(Turn turn) {
    Account account = accounts.get(turn.account());
    if (account == null) {
      throw new IllegalStateException("Account %s has nobody here".formatted(turn.account()));
    }
    return account;
  }

  private static Job job(Account account, Turn turn) {
    Job job = account.jobs.get(turn.job());
    if (job == null) {
      throw new IllegalStateException("Job %s has nobody here".formatted(turn.job()));
    }
    return job;
  }

  private void forgetIfIdle(Account account, Job job, Turn turn) {
    if (job.isIdle()) {
      account.jobs.remove(turn.job());
    }
    if (account.isIdle()) {
      accounts.remove(turn.account());
    }
  }
}
