package bedload.web.query;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.catalog.Search;
import bedload.catalog.SqlText;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.EventStream;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.StreamedAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
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

  private static final int EVENTS_A_QUESTION = 200;

  /** Each asks twice a second. */
  private static final int MOST_STREAMS = 8;

  private static final Pattern POSITION = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");
  private static final String NEWEST =
      """
      select coalesce(change_transaction, 0), coalesce(change_sequence, 0),
             pg_current_snapshot()::text
        from (select) as now
        left join (select change_transaction, change_sequence
                     from changes order by 1 desc, 2 desc limit 1) as newest on true
      """;

  private final ReadingDesk desk;
  private final SearchResources searches;
  private final InstantSource clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Semaphore> streams = new ConcurrentHashMap<>();

  /** Makes the operation over the types that can be searched. */
  public Changes(ReadingDesk desk, List<ResourceType> types, InstantSource clock) {
    this.desk = desk;
    this.searches = new SearchResources(desk, types, clock);
    this.clock = clock;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  /** Where in the order of changes a stream stands. */
  private record Position(String transaction, String sequence) {
    static Position read(String text) {
      Matcher parts = POSITION.matcher(text);
      if (!parts.matches()) {
        throw CallFault.validation(
            "Last-Event-ID must be the id of an event, such as 1234-56, it is '%s'"
                .formatted(text));
      }
      return new Position(parts.group(1), parts.group(2));
    }

    @Override
    public String toString() {
      return transaction + "-" + sequence;
    }
  }

  /**
   * What a stream begins after. Its place in the order may lie before changes that had happened
   * already, as long as an earlier transaction was open: the snapshot tells those.
   */
  private record Start(Position position, String snapshot) {
    /** A snapshot that has seen nothing: all that follows the position is told. */
    private static final String NOTHING = "1:1:";

    static Start after(String text) {
      return new Start(Position.read(text), NOTHING);
    }
  }

  @Override
  public Object answer(Call call) {
    String account = call.caller().account();
    ResourceType type = searches.type(call);
    String after = call.lastEventId().isEmpty() ? call.query().get("after") : call.lastEventId();
    try {
      String sql =
          Search.of(type, call.query().getOrDefault("q", ""), clock.instant())
              .changes(EVENTS_A_QUESTION);
      Start start = after == null ? newest(account) : Start.after(after);
      // Whatever is wrong with the search is said now, and not in the midst of a stream.
      page(account, sql, start.position(), start.position(), start.snapshot());
      return new StreamedAnswer(
          EventStream.CONTENT_TYPE,
          out -> write(new EventStream(out), account, type.table(), sql, start));
    } catch (QuestionFault fault) {
      throw CallFault.validation(fault.sentence());
    }
  }

  private void write(EventStream out, String account, String table, String sql, Start start)
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
      follow(out, account, table, sql, start);
    } finally {
      places.release();
    }
  }

  private void follow(EventStream out, String account, String table, String sql, Start start)
      throws IOException, InterruptedException {
    Position at = start.position();
    int pauses = 0;
    do {
      Position newest = newest(account).position();
      while (!at.equals(newest)) {
        List<List<JsonNode>> page = page(account, sql, at, newest, start.snapshot());
        for (List<JsonNode> change : page) {
          at = new Position(change.get(0).asString(), change.get(1).asString());
          out.send("id: " + at, "event: change", "data: " + data(table, change));
          pauses = 0;
        }
        if (page.size() < EVENTS_A_QUESTION) {
          at = newest;
        }
      }
      pauses++;
      if (pauses % PAUSES_BETWEEN_WORDS == 0) {
        out.send(": nothing new");
      }
    } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
  }

  private Start newest(String account) {
    List<JsonNode> row =
        ask(account, new ReadingDesk.Ask(SqlText.of(NEWEST), List.of(), 1, null)).getFirst();
    return new Start(
        new Position(row.get(0).asString(), row.get(1).asString()), row.get(2).asString());
  }

  private List<List<JsonNode>> page(
      String account, String sql, Position after, Position upTo, String unlessIn) {
    return ask(
        account,
        new ReadingDesk.Ask(
            SqlText.of(sql),
            List.of(
                after.transaction(),
                after.sequence(),
                upTo.transaction(),
                upTo.sequence(),
                unlessIn),
            EVENTS_A_QUESTION,
            null));
  }

  private List<List<JsonNode>> ask(String account, ReadingDesk.Ask ask) {
    return desk.ask(account, ask).rows();
  }

  private static String data(String table, List<JsonNode> change) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("table", table);
    data.put("key", change.get(2));
    data.put("revision", change.get(3));
    data.put("at", change.get(4));
    data.put("changed", change.get(5));
    data.put("resource", change.get(6));
    return JsonMapper.shared().writeValueAsString(data);
  }

  /** Ends every stream; a client that comes again goes on where it was. */
  @Override
  public void close() {
    closed.countDown();
  }
}
