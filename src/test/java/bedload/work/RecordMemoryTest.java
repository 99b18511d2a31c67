package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RecordMemoryTest {
  private static final int MEGABYTE = 1 << 20;

  @Test
  void whoFindsNoRoomWaitsUntilAnotherRecordHasItsOutcome() throws Exception {
    RecordMemory memory = new RecordMemory(12 * MEGABYTE);
    RecordMemory.Room first = memory.take(MEGABYTE);
    RecordMemory.Room second = memory.take(MEGABYTE);
    CountDownLatch taken = new CountDownLatch(1);

    Thread third = waiter(memory, MEGABYTE, taken);
    awaitWaiting(third);
    assertThat(taken.getCount()).isEqualTo(1);
    first.close();

    assertThat(taken.await(10, TimeUnit.SECONDS)).isTrue();
    second.close();
  }

  @Test
  void aRecordLargerThanAllThereIsHasAllOfItForItself() throws Exception {
    RecordMemory memory = new RecordMemory(MEGABYTE);
    RecordMemory.Room large = memory.take(30 * MEGABYTE);
    CountDownLatch taken = new CountDownLatch(1);

    Thread small = waiter(memory, 10, taken);
    awaitWaiting(small);
    assertThat(taken.getCount()).isEqualTo(1);
    large.close();

    assertThat(taken.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Else a stream of small ones would pass a large one by for ever. */
  @Test
  void smallRecordsDoNotOvertakeALargeOneThatWaits() throws Exception {
    RecordMemory memory = new RecordMemory(10 * MEGABYTE);
    RecordMemory.Room first = memory.take(MEGABYTE);
    CountDownLatch largeTaken = new CountDownLatch(1);
    awaitWaiting(waiter(memory, 2 * MEGABYTE, largeTaken));
    CountDownLatch smallTaken = new CountDownLatch(1);
    awaitWaiting(waiter(memory, 10, smallTaken));

    assertThat(smallTaken.getCount()).isEqualTo(1);
    first.close();

    assertThat(largeTaken.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(smallTaken.getCount()).isEqualTo(1);
  }

  private static Thread waiter(RecordMemory memory, int bytes, CountDownLatch taken) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                memory.take(bytes);
                taken.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static void awaitWaiting(Thread thread) {
    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
  }
}
