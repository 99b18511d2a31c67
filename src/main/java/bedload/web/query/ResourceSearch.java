package bedload.web.query;

import bedload.catalog.ResourceType;
import bedload.catalog.Search;
import bedload.wire.CallFault;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Finds resources of any type, with the SQL that finds them and counts of what was found. */
public final class ResourceSearch {
  /** The type of whoever names none. */
  public static final String DEFAULT_TYPE = "aws_bedrock_model_invocation_job";

  /** Each is a question of its own. */
  private static final int MOST_FACETS = 20;

  private final Map<String, ResourceType> types;
  private final InstantSource clock;

  /** Makes a search over the types that can be searched. */
  public ResourceSearch(List<ResourceType> types, InstantSource clock) {
    this.types =
        types.stream().collect(Collectors.toUnmodifiableMap(ResourceType::table, type -> type));
    this.clock = clock;
  }

  /**
   * What is looked for.
   *
   * @param type the table
   * @param text the search as people write it
   * @param rows how many at most
   * @param facets of which columns and tags each value is counted; empty for those of the type
   * @param groupBy of which column or tag, for as many values as there are; empty for none
   */
  public record Wanted(
      String type, String text, int rows, Optional<List<String>> facets, String groupBy) {
    public Wanted {
      facets = facets.map(List::copyOf);
    }
  }

  /** Returns what was found, as a document. */
  public Map<String, Object> document(Asker asker, Wanted wanted) {
    Search search = search(wanted);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("sql", search.rows());
    body.putAll(RowFormat.json(asker.ask(search.rows(), wanted.rows())));
    Map<String, Object> facets = new LinkedHashMap<>();
    facets(search, wanted.facets()).forEach((name, sql) -> facets.put(name, counts(asker, sql)));
    body.put("facets", facets);
    if (!wanted.groupBy().isEmpty()) {
      String sql = search.groups(wanted.groupBy());
      Map<String, Object> groups = new LinkedHashMap<>();
      groups.put("by", wanted.groupBy());
      groups.put("sql", sql);
      groups.put("values", counts(asker, sql));
      body.put("groups", groups);
    }
    return body;
  }

  /** Returns the search that is meant. */
  Search search(Wanted wanted) {
    return Search.of(type(wanted.type()), wanted.text(), clock.instant());
  }

  /**
   * Returns the type of a table.
   *
   * @throws CallFault if it is none that can be searched
   */
  public ResourceType type(String table) {
    ResourceType type = types.get(table);
    if (type == null) {
      throw CallFault.validation(
          "'type' must be one of %s, it is '%s'"
              .formatted(types.keySet().stream().sorted().toList(), table));
    }
    return type;
  }

  /** Without a list of names there are the facets of the type; with an empty one there are none. */
  private static Map<String, String> facets(Search search, Optional<List<String>> names) {
    if (names.isEmpty()) {
      return search.facets();
    }
    if (names.get().size() > MOST_FACETS) {
      throw CallFault.validation(
          "'facets' may have %d names, it has %d".formatted(MOST_FACETS, names.get().size()));
    }
    return search.facets(names.get());
  }

  /** A limit is of rows: whoever wants only the newest still wants all the counts. */
  private static List<Map<String, JsonNode>> counts(Asker asker, String sql) {
    List<Map<String, JsonNode>> counts = new ArrayList<>();
    for (List<JsonNode> row : asker.ask(sql, QueryRequest.MOST_ROWS).rows()) {
      Map<String, JsonNode> count = new LinkedHashMap<>();
      count.put("value", row.get(0));
      count.put("count", row.get(1));
      counts.add(count);
    }
    return counts;
  }
}
