package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The loop goes on whatever a step does, and ends between two steps. */
class CollectLoopTest {
  @Test
  void goesOnAfterTrouble() {
    AtomicInteger steps = new AtomicInteger();
    try (CollectLoop _ =
        CollectLoop.start(
            "test",
            () -> {
              if (steps.incrementAndGet() == 1) {
                throw new IllegalStateException("made up by the test");
              }
              return 0;
            })) {
      await().atMost(Duration.ofSeconds(20)).until(() -> steps.get() >= 3);
    }
  }

  /** Whoever reads the log is to know what stands still, which is not always collecting. */
  @Test
  void logNamesTheWorkThatFailed() throws InterruptedException {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger log = (Logger) LoggerFactory.getLogger(CollectLoop.class);
    log.addAppender(lines);
    CountDownLatch failed = new CountDownLatch(1);
    CollectLoop loop =
        CollectLoop.start(
            "Telling the test of events",
            () -> {
              failed.countDown();
              throw new IllegalStateException("made up by the test");
            });
    failed.await();
    loop.close();
    log.detachAppender(lines);

    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains("Telling the test of events failed, trying again in 1 s");
  }

  @Test
  void doesNotPauseWhileThereIsMore() {
    AtomicInteger steps = new AtomicInteger();
    try (CollectLoop _ =
        CollectLoop.start("test", () -> steps.incrementAndGet() < 10_000 ? 1 : 0)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> steps.get() >= 10_000);
    }
  }

  @Test
  void closeLetsTheStepEndAndStartsNoMore() throws InterruptedException {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicInteger steps = new AtomicInteger();
    CollectLoop loop =
        CollectLoop.start(
            "test",
            () -> {
              steps.incrementAndGet();
              began.countDown();
              try {
                mayEnd.await();
              } catch (InterruptedException e) {
                interrupted.set(true);
              }
              return 1;
            });
    began.await();
    Thread closer = Thread.ofVirtual().start(loop::close);
    await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
    mayEnd.countDown();
    closer.join();

    assertThat(steps).hasValue(1);
    assertThat(interrupted).isFalse();
  }
}
