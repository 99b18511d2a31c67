package bedload.web;

import bedload.wire.EventStream;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Tells open pages, by a stream of events each, that what they show has changed. Thread-safe. */
public final class Live implements AutoCloseable {
  static final String PATH = "/events";

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A word now and then: only a write shows that nobody is there any more. */
  private static final int PAUSES_BETWEEN_WORDS = 10;

  private static final int MOST_STREAMS = 200;

  private final UnaryOperator<String> mark;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Semaphore streams = new Semaphore(MOST_STREAMS);

  /**
   * Makes the streams, none so far.
   *
   * @param mark returns for an account a text that is another once its jobs have changed
   */
  public Live(UnaryOperator<String> mark) {
    this.mark = mark;
  }

  /** Answers with events until the browser or the service goes. */
  void stream(Context context, Session session) throws InterruptedException {
    if (!streams.tryAcquire()) {
      context
          .status(HttpStatus.SERVICE_UNAVAILABLE)
          .result("%d pages are followed already.\n".formatted(MOST_STREAMS));
      return;
    }
    try {
      context.contentType(EventStream.CONTENT_TYPE);
      write(new EventStream(context.res().getOutputStream()), session.account());
    } catch (IOException e) {
      // Nobody looks any more.
    } finally {
      streams.release();
    }
  }

  private void write(EventStream out, String account) throws IOException, InterruptedException {
    String last = mark.apply(account);
    out.send(EventStream.RETRY);
    int pauses = 0;
    while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
      String now = mark.apply(account);
      pauses++;
      if (!now.equals(last)) {
        out.send("data: changed");
        last = now;
        pauses = 0;
      } else if (pauses >= PAUSES_BETWEEN_WORDS) {
        out.send(": still here");
        pauses = 0;
      }
    }
  }

  /** Ends all streams; open pages come back by themselves when the service does. */
  @Override
  public void close() {
    closed.countDown();
  }
}
