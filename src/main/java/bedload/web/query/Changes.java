package bedload.web.query;

import bedload.catalog.ChangeFeed;
import bedload.catalog.ChangeFeed.Position;
import bedload.catalog.ChangeFeed.Start;
import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.EventStream;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.StreamedAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * The changes of the catalog as a stream of events, from now on or from where a stream broke off:
 * none is left out and none comes twice. Thread-safe.
 */
public final class Changes implements Operation, AutoCloseable {
  private static final Route ROUTE = new Route("FollowChanges", "GET", "/v1/changes");
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** A word now and then: only a write shows that nobody is there any more. */
  private static final int PAUSES_BETWEEN_WORDS = 20;

  /** Each asks twice a second. */
  private static final int MOST_STREAMS = 8;

  private final ReadingDesk desk;
  private final ResourceSearch searches;
  private final InstantSource clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Semaphore> streams = new ConcurrentHashMap<>();

  /** Makes the operation over the types that can be searched. */
  public Changes(ReadingDesk desk, List<ResourceType> types, InstantSource clock) {
    this.desk = desk;
    this.searches = new ResourceSearch(types, clock);
    this.clock = clock;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Object answer(Call call) {
    String account = call.caller().account();
    ResourceType type =
        searches.type(call.query().getOrDefault("type", ResourceSearch.DEFAULT_TYPE));
    ChangeFeed feed =
        new ChangeFeed(desk, account, List.of(type), call.query().getOrDefault("q", ""), clock);
    String after = call.lastEventId().isEmpty() ? call.query().get("after") : call.lastEventId();
    try {
      // Whatever is wrong with the search is said now, and not in the midst of a stream.
      feed.check();
      Start start = after == null ? feed.now() : Start.after(position(after));
      return new StreamedAnswer(
          EventStream.CONTENT_TYPE, out -> write(new EventStream(out), account, feed, start));
    } catch (QuestionFault fault) {
      throw CallFault.validation(fault.sentence());
    }
  }

  private static Position position(String text) {
    return Position.parse(text)
        .orElseThrow(
            () ->
                CallFault.validation(
                    "Last-Event-ID must be the id of an event, such as 1234-56, it is '%s'"
                        .formatted(text)));
  }

  private void write(EventStream out, String account, ChangeFeed feed, Start start)
      throws IOException, InterruptedException {
    Semaphore places = streams.computeIfAbsent(account, _ -> new Semaphore(MOST_STREAMS));
    if (!places.tryAcquire()) {
      out.send(
          "event: error",
          "data: %d streams of this account are open already.".formatted(MOST_STREAMS));
      return;
    }
    try {
      out.send(EventStream.RETRY, "id: " + start.position());
      follow(out, feed, start);
    } finally {
      places.release();
    }
  }

  private void follow(EventStream out, ChangeFeed feed, Start start)
      throws IOException, InterruptedException {
    Start at = start;
    int pauses = 0;
    do {
      ChangeFeed.Page page;
      do {
        page = feed.after(at);
        for (ChangeFeed.Change change : page.changes()) {
          out.send(
              "id: " + change.position(),
              "event: change",
              "data: " + JsonMapper.shared().writeValueAsString(change.document()));
          pauses = 0;
        }
        at = page.end();
      } while (!page.isLast());
      pauses++;
      if (pauses % PAUSES_BETWEEN_WORDS == 0) {
        out.send(": nothing new");
      }
    } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Ends every stream; a client that comes again goes on where it was. */
  @Override
  public void close() {
    closed.countDown();
  }
}
