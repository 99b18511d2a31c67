package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.job.TokenUsage;
import bedload.model.InFlightLimit.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {
  private static final ModelReply ANSWER =
      new ModelReply.Answer(new byte[0], TokenUsage.of(1L, 1L));

  private static Thread waiting(InFlightLimit limit, long rank, ConcurrentLinkedQueue<Long> served)
      throws InterruptedException {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (Permit _ = limit.acquire(new Turn("a", "j", rank))) {
                    served.add(rank);
                  } catch (InterruptedException wanted) {
                    served.add(-rank);
                  }
                });
    await().until(() -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  @Test
  void theLowestRankIsServedFirst() throws InterruptedException {
    InFlightLimit limit = new InFlightLimit(1, 1);
    ConcurrentLinkedQueue<Long> served = new ConcurrentLinkedQueue<>();
    Permit first = limit.acquire();
    List<Thread> threads = new ArrayList<>();
    for (long rank : new long[] {3, 1, 2}) {
      threads.add(waiting(limit, rank, served));
    }

    first.close();

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(served).containsExactly(1L, 2L, 3L);
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void whoIsInterruptedLeavesTheLineAndHoldsNobodyUp() throws InterruptedException {
    InFlightLimit limit = new InFlightLimit(1, 1);
    ConcurrentLinkedQueue<Long> served = new ConcurrentLinkedQueue<>();
    Permit first = limit.acquire();
    Thread impatient = waiting(limit, 1, served);
    Thread patient = waiting(limit, 2, served);

    impatient.interrupt();
    impatient.join();
    first.close();
    patient.join();

    assertThat(served).containsExactly(-1L, 2L);
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void aPermitCountsOnceHoweverOftenItIsClosed() throws InterruptedException {
    InFlightLimit limit = new InFlightLimit(2, 2);
    Permit permit = limit.acquire();
    Permit other = limit.acquire();

    permit.close(ANSWER);
    permit.close();
    permit.close(ANSWER);

    assertThat(limit.inFlight()).isEqualTo(1);
    other.close();
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void aRaisedCapLetsThoseInWhoWait() throws InterruptedException {
    InFlightLimit limit = new InFlightLimit(1, 1);
    limit.cap(0);
    ConcurrentLinkedQueue<Long> served = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (long rank = 1; rank <= 3; rank++) {
      threads.add(waiting(limit, rank, served));
    }
    assertThat(served).isEmpty();

    limit.cap(1);

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(served).containsExactly(1L, 2L, 3L);
  }

  /** Calls that are sent together do not come to a server in the order in which they were begun. */
  @Test
  void whatAServerTookOfManyCallsAtOnceIsTheCeilingWhicheverItRefused()
      throws InterruptedException {
    InFlightLimit limit = new InFlightLimit(32, 1024);
    List<InFlightLimit.Permit> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      calls.add(limit.acquire());
    }

    // The server has the last eight of them.
    for (InFlightLimit.Permit refused : calls.subList(0, 24)) {
      refused.close(new ModelReply.Overload(429, Duration.ZERO, "busy"));
    }

    assertThat(limit.inFlight()).isEqualTo(8);
    assertThat(limit.size()).isEqualTo(8);
  }

  @Test
  void anOverloadRestsLaunchesForAsLongAsTheServerAsked() throws InterruptedException {
    InFlightLimit limit = new InFlightLimit(4, 4);
    Permit refused = limit.acquire();
    long began = System.nanoTime();

    refused.close(new ModelReply.Overload(429, Duration.ofMillis(400), "busy"));
    limit.acquire().close();

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(400));
    // It was refused as the first in flight: not even two are proven to be welcome.
    assertThat(limit.size()).isEqualTo(1);
  }

  @Test
  void neverMoreThanTheLimitAreInFlightAndNoPermitIsLost() throws Exception {
    InFlightLimit limit = new InFlightLimit(7, 7);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(5000);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5000; i++) {
        long rank = i % 3;
        var _ =
            threads.submit(
                () -> {
                  try (Permit permit = limit.acquire(new Turn("a", "j", rank))) {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(1_000);
                    now.decrementAndGet();
                    permit.close(ANSWER);
                  }
                  done.countDown();
                  return null;
                });
      }
    }

    assertThat(done.getCount()).isZero();
    assertThat(most.get()).isBetween(1, 7);
    assertThat(limit.inFlight()).isZero();
  }

  /** A node's share of a limit is another's as soon as it has run out. */
  @Test
  void aGrantThatRanOutLetsNobodyInAndSpoilsThePermitsThatAreOut() throws InterruptedException {
    AtomicLong now = new AtomicLong();
    InFlightLimit limit = new InFlightLimit(4, 4, now::get);
    limit.grant(3, 1_000);
    Permit permit = limit.acquire();
    assertThat(limit.size()).isEqualTo(3);
    assertThat(permit.isGood()).isTrue();

    now.set(1_000);
    assertThat(limit.size()).isZero();
    assertThat(permit.isGood()).isFalse();
    ConcurrentLinkedQueue<Long> served = new ConcurrentLinkedQueue<>();
    Thread waiter = waiting(limit, 1, served);
    assertThat(served).isEmpty();

    limit.grant(2, 2_000);
    waiter.join();
    assertThat(served).containsExactly(1L);
    permit.close();
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void noCallIsBegunBeyondTheAllowanceAndItsTokensAreSettledAfterwards()
      throws InterruptedException {
    InFlightLimit limit = new InFlightLimit(8, 8);
    limit.allow(2, Double.POSITIVE_INFINITY);
    limit.acquire().close(ANSWER);
    limit.acquire().close(ANSWER);
    ConcurrentLinkedQueue<Long> served = new ConcurrentLinkedQueue<>();
    Thread third = waiting(limit, 1, served);

    limit.allow(1, 0);
    third.join();
    assertThat(served).containsExactly(1L);

    InFlightLimit byTokens = new InFlightLimit(8, 8);
    byTokens.allow(Double.POSITIVE_INFINITY, 600);
    byTokens.acquire().close(new ModelReply.Answer(new byte[0], TokenUsage.of(500L, 700L)));
    Thread indebted = waiting(byTokens, 2, served);
    byTokens.allow(0, 599);
    assertThat(indebted.getState()).isEqualTo(Thread.State.WAITING);
    byTokens.allow(0, 2);
    indebted.join();
    assertThat(served).containsExactly(1L, 2L);
  }
}
