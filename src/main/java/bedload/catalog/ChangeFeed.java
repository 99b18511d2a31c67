package bedload.catalog;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The changes that an account may see and looks for, page by page, in an order in which none comes
 * later between those that were read and those of one resource follow each other. Thread-safe.
 */
public final class ChangeFeed {
  /** How many changes a page is chosen from. */
  static final int PAGE = 200;

  private static final String NOW =
      """
      select coalesce(change_transaction, 0), coalesce(change_sequence, 0),
             pg_current_snapshot()::text
        from (select) as now
        left join newest_change on true
      """;

  private static final String NEXT =
      """
      select change_transaction, change_sequence, (count(*) over ())::int as changes
        from changes_after($1::bigint, $2::bigint, %d)
       order by 1 desc, 2 desc
       limit 1
      """
          .formatted(PAGE);

  private final ReadingDesk desk;
  private final String account;
  private final List<ResourceType> types;
  private final String search;
  private final InstantSource clock;

  /**
   * @param account who reads: others' changes are not there, and texts that it may not see masked
   * @param types of the resources
   * @param search what a change has to leave a resource as, as people write it; empty for anything
   * @param clock to which {@code -7d} of the search refers
   */
  public ChangeFeed(
      ReadingDesk desk,
      String account,
      List<ResourceType> types,
      String search,
      InstantSource clock) {
    this.desk = desk;
    this.account = account;
    this.types = List.copyOf(types);
    this.search = search;
    this.clock = clock;
  }

  /** A place in the order of changes: that of a change, or where there is none yet. */
  public record Position(long transaction, long sequence) implements Comparable<Position> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");
    private static final Comparator<Position> ORDER =
        Comparator.comparingLong(Position::transaction).thenComparingLong(Position::sequence);

    /** Reads what {@link #toString} wrote; empty if it is nothing of the kind. */
    public static Optional<Position> parse(String text) {
      Matcher parts = FORM.matcher(text);
      return parts.matches()
          ? Optional.of(
              new Position(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
          : Optional.empty();
    }

    @Override
    public int compareTo(Position other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return transaction + "-" + sequence;
    }
  }

  /**
   * What a reader begins or goes on after. Its place in the order may lie before changes that had
   * happened when it began, as long as an earlier transaction was open: the snapshot tells those.
   *
   * @param seen a snapshot of the database's; changes that it shows are not told
   */
  public record Start(Position position, String seen) {
    /** A snapshot that has seen nothing: all that follows the position is told. */
    private static final String NOTHING = "1:1:";

    /** Returns the start after a change that was told. */
    public static Start after(Position position) {
      return new Start(position, NOTHING);
    }

    private Start to(Position further) {
      return new Start(further, seen);
    }
  }

  /**
   * A version that a resource got.
   *
   * @param key of the resource; several columns with slashes between
   * @param revision the version's number, as in the history
   * @param at since when it stands
   * @param changed the columns that differ from the version before; null in the first
   * @param resource as it was then
   */
  public record Change(
      Position position,
      String table,
      String key,
      int revision,
      String at,
      JsonNode changed,
      JsonNode resource) {
    private static Change of(String table, List<JsonNode> row) {
      return new Change(
          ChangeFeed.position(row),
          table,
          row.get(2).asString(),
          row.get(3).asInt(),
          row.get(4).asString(),
          row.get(5),
          row.get(6));
    }

    /** Returns the change as it is told, whichever way. */
    public Map<String, Object> document() {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("table", table);
      document.put("key", key);
      document.put("revision", revision);
      document.put("at", at);
      document.put("changed", changed);
      document.put("resource", resource);
      return document;
    }
  }

  /**
   * Some changes.
   *
   * @param end where the next page begins
   * @param isLast whether there were no more at this moment
   */
  public record Page(List<Change> changes, Start end, boolean isLast) {}

  /**
   * Returns where a reader begins who hears of what happens from now on.
   *
   * @throws QuestionFault if the account cannot ask
   */
  public Start now() {
    List<JsonNode> row = ask(NOW, List.of()).getFirst();
    return new Start(position(row), row.get(2).asString());
  }

  /**
   * Does nothing if the search can be understood.
   *
   * @throws QuestionFault that says what in it cannot
   */
  public void check() {
    Start nowhere = Start.after(new Position(0, 0));
    between(nowhere, nowhere.position());
  }

  /**
   * Returns the changes that follow, the oldest first.
   *
   * @throws QuestionFault if the search cannot be understood
   */
  public Page after(Start start) {
    Position place = start.position();
    List<List<JsonNode>> next =
        ask(NEXT, List.of(Long.toString(place.transaction()), Long.toString(place.sequence())));
    if (next.isEmpty()) {
      return new Page(List.of(), start, true);
    }
    List<JsonNode> last = next.getFirst();
    Position end = position(last);
    return new Page(between(start, end), start.to(end), last.get(2).asInt() < PAGE);
  }

  private List<List<JsonNode>> ask(String sql, List<@Nullable String> parameters) {
    return desk.ask(account, new ReadingDesk.Ask(SqlText.of(sql), parameters, PAGE, null)).rows();
  }

  private static Position position(List<JsonNode> row) {
    return new Position(row.get(0).asLong(), row.get(1).asLong());
  }

  private List<Change> between(Start start, Position upTo) {
    List<Change> changes = new ArrayList<>();
    for (ResourceType type : types) {
      String sql = Search.of(type, search, clock.instant()).changes(PAGE);
      ask(
              sql,
              List.of(
                  Long.toString(start.position().transaction()),
                  Long.toString(start.position().sequence()),
                  Long.toString(upTo.transaction()),
                  Long.toString(upTo.sequence()),
                  start.seen()))
          .forEach(row -> changes.add(Change.of(type.table(), row)));
    }
    return changes.stream().sorted(Comparator.comparing(Change::position)).toList();
  }
}
