package bedload.web.query;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.catalog.Search;
import bedload.catalog.SqlText;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Operation;
import bedload.wire.Route;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Resources by a search, with the SQL that finds them and the facets of what was found. */
public final class SearchResources implements Operation {
  private static final Route ROUTE = new Route("SearchResources", "GET", "/v1/resources");
  private static final String DEFAULT_TYPE = "aws_bedrock_model_invocation_job";
  private static final int DEFAULT_ROWS = 100;

  /** Each is a question of its own. */
  private static final int MOST_FACETS = 20;

  private final ReadingDesk desk;
  private final Map<String, ResourceType> types;
  private final InstantSource clock;

  /** Makes the operation over the types that can be searched. */
  public SearchResources(ReadingDesk desk, List<ResourceType> types, InstantSource clock) {
    this.desk = desk;
    this.types =
        types.stream().collect(Collectors.toUnmodifiableMap(ResourceType::table, type -> type));
    this.clock = clock;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Object answer(Call call) {
    ResourceType type = type(call);
    int rows = limit(call.query().getOrDefault("limit", Integer.toString(DEFAULT_ROWS)));
    RowFormat format = format(call.query().getOrDefault("format", "json"));
    try {
      Search search = Search.of(type, call.query().getOrDefault("q", ""), clock.instant());
      if (format != RowFormat.JSON) {
        return format.write(ask(call, search.rows(), rows));
      }
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("sql", search.rows());
      body.putAll(RowFormat.json(ask(call, search.rows(), rows)));
      Map<String, Object> facets = new LinkedHashMap<>();
      facets(search, call.query().get("facets"))
          .forEach((name, sql) -> facets.put(name, counts(call, sql)));
      body.put("facets", facets);
      String by = call.query().getOrDefault("group_by", "");
      if (!by.isEmpty()) {
        String sql = search.groups(by);
        Map<String, Object> groups = new LinkedHashMap<>();
        groups.put("by", by);
        groups.put("sql", sql);
        groups.put("values", counts(call, sql));
        body.put("groups", groups);
      }
      return body;
    } catch (QuestionFault fault) {
      throw CallFault.validation(fault.sentence());
    }
  }

  /** Without a list of names there are the facets of the type; with an empty one there are none. */
  private static Map<String, String> facets(Search search, @Nullable String names) {
    if (names == null) {
      return search.facets();
    }
    List<String> wanted =
        Arrays.stream(names.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    if (wanted.size() > MOST_FACETS) {
      throw CallFault.validation(
          "'facets' may have %d names, it has %d".formatted(MOST_FACETS, wanted.size()));
    }
    return search.facets(wanted);
  }

  private ReadingDesk.Reply ask(Call call, String sql, int rows) {
    return desk.ask(
        call.caller().account(), new ReadingDesk.Ask(SqlText.of(sql), List.of(), rows, null));
  }

  /** A call's limit is of rows: whoever wants only the newest still wants all the counts. */
  private List<Map<String, JsonNode>> counts(Call call, String sql) {
    List<Map<String, JsonNode>> counts = new ArrayList<>();
    for (List<JsonNode> row : ask(call, sql, QueryRequest.MOST_ROWS).rows()) {
      Map<String, JsonNode> count = new LinkedHashMap<>();
      count.put("value", row.get(0));
      count.put("count", row.get(1));
      counts.add(count);
    }
    return counts;
  }

  /** Returns the type that a call names. */
  ResourceType type(Call call) {
    String table = call.query().getOrDefault("type", DEFAULT_TYPE);
    ResourceType type = types.get(table);
    if (type == null) {
      throw CallFault.validation(
          "'type' must be one of %s, it is '%s'"
              .formatted(types.keySet().stream().sorted().toList(), table));
    }
    return type;
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
