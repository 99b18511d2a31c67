package bedload.web.mcp;

import bedload.catalog.QuestionFault;
import bedload.catalog.ResourceType;
import bedload.web.Assets;
import bedload.web.query.Asker;
import bedload.web.query.QueryRequest;
import bedload.web.query.ResourceSearch;
import bedload.web.query.RowFormat;
import bedload.wire.CallFault;
import bedload.wire.Members;
import bedload.wire.TextRule;
import bedload.wire.Violations;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What agents can do with the catalog: see what there is, and ask. How each tool is called and what
 * it takes stands in {@code tools.json}.
 */
final class CatalogTools {
  static final JsonMapper JSON = JsonMapper.shared();

  private static final Logger LOG = LoggerFactory.getLogger(CatalogTools.class);
  private static final TypeRef<List<McpSchema.Tool>> TOOLS = new TypeRef<>() {};

  /** What an agent reads costs its user money; some cut a longer answer off without a word. */
  private static final int LONGEST_ANSWER = 100_000;

  private static final int DEFAULT_ROWS = 100;
  private static final int DEFAULT_FOUND = 20;
  private static final int MOST_NAMES = 100;

  private static final String TABLES = "select table_name, description from catalog.tables";

  private static final String COLUMNS =
      """
      select column_name, coalesce(sql_type, documented_type) as type, sensitive, description
        from catalog.columns
       where table_name = $1
       order by position, column_name
      """;

  private final List<ResourceType> types;
  private final ResourceSearch search;

  CatalogTools(List<ResourceType> types, InstantSource clock) {
    this.types = List.copyOf(types);
    this.search = new ResourceSearch(types, clock);
  }

  private interface Work {
    Map<String, Object> answer(Asker asker, Members arguments, Violations violations);
  }

  /** Returns the tools with what they do. */
  List<SyncToolSpecification> all(McpJsonMapper json) {
    try {
      return json.readValue(resource("tools.json"), TOOLS).stream().map(this::specified).toList();
    } catch (IOException e) {
      throw new IllegalStateException("tools.json of the jar cannot be read", e);
    }
  }

  private SyncToolSpecification specified(McpSchema.Tool tool) {
    Work work =
        switch (tool.name()) {
          case "list_tables" -> CatalogTools::tables;
          case "describe_table" -> this::table;
          case "query" -> CatalogTools::rows;
          case "search" -> this::found;
          default -> throw new IllegalStateException("tools.json has an unknown " + tool.name());
        };
    return SyncToolSpecification.builder()
        .tool(tool)
        .callHandler(
            (context, request) ->
                result(tool.name(), work, (Asker) context.get(McpEndpoint.ASKER), request))
        .build();
  }

  /** A refusal is an answer, too: an agent reads it and asks anew. */
  private static McpSchema.CallToolResult result(
      String tool, Work work, Asker asker, McpSchema.CallToolRequest request) {
    try {
      Violations violations = new Violations();
      Members arguments =
          Members.of(JSON.convertValue(request.arguments(), ObjectNode.class), violations);
      Map<String, Object> answer = work.answer(asker, arguments, violations);
      String text = JSON.writeValueAsString(answer);
      return text.length() > LONGEST_ANSWER
          ? refusal(
              "The answer has %,d characters, and %,d is the most. Ask for fewer rows or columns, for parts of texts (left(message, 200)), or for counts."
                  .formatted(text.length(), LONGEST_ANSWER))
          : McpSchema.CallToolResult.builder()
              .structuredContent(answer)
              .addTextContent(text)
              .build();
    } catch (QuestionFault fault) {
      return refusal(fault.sentence());
    } catch (CallFault fault) {
      return refusal(fault.sentence());
    } catch (RuntimeException trouble) {
      LOG.error("An agent's call of {} failed", tool, trouble);
      return refusal("The service could not answer. Its log says why.");
    }
  }

  private static McpSchema.CallToolResult refusal(String sentence) {
    return McpSchema.CallToolResult.builder().isError(true).addTextContent(sentence).build();
  }

  private static Map<String, Object> tables(Asker asker, Members arguments, Violations violations) {
    return Map.of("tables", rowsOf(asker, TABLES));
  }

  private Map<String, Object> table(Asker asker, Members arguments, Violations violations) {
    String name = arguments.requiredText("table", TextRule.ANY);
    violations.throwIfAny();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("table_name", name);
    asker
        .ask(TABLES + " where table_name = $1", 1, name)
        .rows()
        .forEach(row -> answer.put("description", row.get(1)));
    if (answer.size() == 1) {
      // Whoever asks for it in SQL hears which name is near.
      asker.ask("select from \"" + name.replace("\"", "\"\"") + "\"", 1);
      throw CallFault.validation("'%s' is no table of list_tables".formatted(name));
    }
    answer.put("columns", rowsOf(asker, COLUMNS, name));
    answer.put(
        "examples",
        types.stream()
            .filter(type -> type.table().equals(name))
            .flatMap(type -> type.examples().stream())
            .toList());
    return answer;
  }

  private static Object rowsOf(Asker asker, String sql, String... texts) {
    return Objects.requireNonNull(
        RowFormat.json(asker.ask(sql, QueryRequest.MOST_ROWS, texts)).get("rows"));
  }

  private static Map<String, Object> rows(Asker asker, Members arguments, Violations violations) {
    return RowFormat.json(asker.ask(QueryRequest.read(arguments, violations, DEFAULT_ROWS).ask()));
  }

  private Map<String, Object> found(Asker asker, Members arguments, Violations violations) {
    ResourceSearch.Wanted wanted =
        new ResourceSearch.Wanted(
            arguments.text("type", TextRule.ANY).orElse(ResourceSearch.DEFAULT_TYPE),
            arguments.text("q", TextRule.ANY).orElse(""),
            arguments.integer("limit", 1, QueryRequest.MOST_ROWS).orElse(DEFAULT_FOUND),
            arguments.texts("facets", 0, MOST_NAMES, TextRule.ANY),
            arguments.text("group_by", TextRule.ANY).orElse(""));
    violations.throwIfAny();
    return search.document(asker, wanted);
  }

  /** Returns a text of the jar. */
  static String resource(String name) {
    return new String(Assets.read("mcp/" + name), StandardCharsets.UTF_8);
  }
}
