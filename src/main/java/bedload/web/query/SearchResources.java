package bedload.web.query;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Operation;
import bedload.wire.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Resources by a search, with the SQL that finds them and the facets of what was found. */
public final class SearchResources implements Operation {
  private static final Route ROUTE = new Route("SearchResources", "GET", "/v1/resources");
  private static final int DEFAULT_ROWS = 100;

  private final ReadingDesk desk;
  private final ResourceSearch search;

  /** Makes the operation. */
  public SearchResources(ReadingDesk desk, ResourceSearch search) {
    this.desk = desk;
    this.search = search;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Object answer(Call call) {
    Map<String, String> query = call.query();
    ResourceSearch.Wanted wanted =
        new ResourceSearch.Wanted(
            query.getOrDefault("type", ResourceSearch.DEFAULT_TYPE),
            query.getOrDefault("q", ""),
            limit(query.getOrDefault("limit", Integer.toString(DEFAULT_ROWS))),
            Optional.ofNullable(query.get("facets")).map(SearchResources::names),
            query.getOrDefault("group_by", ""));
    RowFormat format = format(query.getOrDefault("format", "json"));
    Asker asker = new Asker(desk, call.caller().account());
    try {
      return format == RowFormat.JSON
          ? search.document(asker, wanted)
          : format.write(asker.ask(search.search(wanted).rows(), wanted.rows()));
    } catch (QuestionFault fault) {
      throw CallFault.validation(fault.sentence());
    }
  }

  private static List<String> names(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static RowFormat format(String word) {
    return RowFormat.of(word)
        .orElseThrow(
            () ->
                CallFault.validation(
                    "'format' must be one of %s, it is '%s'".formatted(RowFormat.words(), word)));
  }

  private static int limit(String text) {
    int limit = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > QueryRequest.MOST_ROWS) {
      throw CallFault.validation(
          "'limit' must be 1 to %d, it is '%s'".formatted(QueryRequest.MOST_ROWS, text));
    }
    return limit;
  }
}
