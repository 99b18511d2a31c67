package bedload.catalog;

import bedload.catalog.Column.Mark;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a schema file; whatever it does not know is an error. */
final class ResourceTypeReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** No name begins with an underscore: those are the store's own columns. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  private static final String HISTORY_SUFFIX = "_history";

  private final String table;

  private ResourceTypeReader(String table) {
    this.table = table;
  }

  /**
   * Returns what the file says.
   *
   * @param file its name, for errors
   * @throws SchemaFileException if the text is no YAML, lacks something, or says something unknown
   */
  static ResourceType read(String file, String text) {
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JacksonException e) {
      throw new SchemaFileException(
          "%s is not YAML: %s".formatted(file, e.getOriginalMessage()), e);
    }
    return SchemaNode.read(
        file,
        root,
        node -> {
          String table = name(node.text("table"), Sql.MAX_NAME_BYTES - HISTORY_SUFFIX.length());
          return new ResourceTypeReader(table).type(node);
        });
  }

  private ResourceType type(SchemaNode node) {
    return new ResourceType(
        table,
        node.text("ddsql_table"),
        node.text("title"),
        node.text("summary"),
        node.texts("key"),
        node.text("display_name"),
        node.child("terminal", t -> new ResourceType.Terminal(t.text("column"), t.texts("values"))),
        node.optionalTexts("left_out"),
        node.children("columns", this::column),
        node.children("relations", r -> new ResourceType.Relation(r.text("column"), r.text("to"))),
        node.child("collect", ResourceTypeReader::collect),
        node.children("examples", e -> new ResourceType.Example(e.text("title"), e.text("sql"))));
  }

  private Column column(SchemaNode node) {
    String name = name(node.text("name"), Sql.MAX_NAME_BYTES);
    String type = node.text("type");
    Origin origin = origin(node);
    String description = node.text("description");
    if (type.equals("STRUCT")) {
      return new Column.Struct(
          name,
          name(node.optionalText("type_name").orElse(table + "_" + name), Sql.MAX_NAME_BYTES),
          origin,
          description,
          node.flag("required"),
          node.children("fields", this::column));
    }
    return new Column.Leaf(
        name,
        ColumnType.ofName(type),
        origin,
        description,
        node.children(
            "values",
            value -> new Column.NamedValue(value, ""),
            v -> new Column.NamedValue(v.text("value"), v.text("description"))),
        marks(node));
  }

  private static Origin origin(SchemaNode node) {
    Optional<String> member = node.optionalText("provider_name");
    Optional<String> from = node.optionalText("from");
    if (member.isPresent() == from.isPresent()) {
      throw node.notOneOf("provider_name", "from");
    }
    if (member.isPresent()) {
      return new Origin.Member(member.get());
    }
    return switch (from.orElseThrow()) {
      case "account" -> new Origin.Account();
      case "tags" -> new Origin.Tags();
      default ->
          throw new IllegalArgumentException(
              "key 'from' should be account or tags, is " + from.orElseThrow());
    };
  }

  private static Set<Mark> marks(SchemaNode node) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    for (Mark mark : Mark.values()) {
      if (node.flag(mark.name().toLowerCase(Locale.ROOT))) {
        marks.add(mark);
      }
    }
    return marks;
  }

  private static CollectPlan collect(SchemaNode node) {
    return new CollectPlan(
        node.text("service"),
        node.child("list", ResourceTypeReader::listing),
        node.optionalChild("get", g -> new CollectPlan.Lookup(call(g), g.flag("for_each"))),
        node.optionalChild("incremental", ResourceTypeReader::incremental),
        node.optionalChild(
            "tags",
            t ->
                new CollectPlan.Tagging(
                    call(t), choice(CollectPlan.Tagging.Until.values(), "ask", t.text("ask")))),
        node.optionalChild(
            "events",
            e -> new CollectPlan.Events(e.text("source"), e.text("detail_type"), e.text("key"))),
        node.texts("permissions"));
  }

  private static CollectPlan.Call call(SchemaNode node) {
    return new CollectPlan.Call(node.text("operation"), node.text("member"), node.text("column"));
  }

  private static CollectPlan.Listing listing(SchemaNode node) {
    Optional<PageSize> size =
        node.optionalChild("page_size", p -> new PageSize(p.text("member"), p.number("value")));
    Optional<PageToken> token =
        node.optionalChild("page_token", p -> new PageToken(p.text("request"), p.text("response")));
    if (size.isPresent() != token.isPresent()) {
      throw new IllegalArgumentException(
          "page_size and page_token are given together or not at all");
    }
    return new CollectPlan.Listing(
        node.text("operation"),
        node.text("items"),
        size.map(
            page ->
                new CollectPlan.Paging(
                    page.member(),
                    page.value(),
                    token.orElseThrow().request(),
                    token.orElseThrow().response())),
        node.children("filters", ResourceTypeReader::filter));
  }

  private record PageSize(String member, int value) {}

  private record PageToken(String request, String response) {}

  private static CollectPlan.Filter filter(SchemaNode node) {
    return new CollectPlan.Filter(
        node.text("column"),
        choice(CollectPlan.Filter.Test.values(), "test", node.text("test")),
        node.text("member"));
  }

  private static CollectPlan.Incremental incremental(SchemaNode node) {
    return new CollectPlan.Incremental(
        node.text("column"),
        node.text("member"),
        duration(node, "overlap"),
        node.optionalChild("order", SchemaNode::textsByKey).orElse(Map.of()),
        duration(node, "full_every"));
  }

  private static Duration duration(SchemaNode node, String key) {
    String text = node.text(key);
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "key '%s' should be a duration like PT1H, is %s".formatted(key, text), e);
    }
  }

  private static <E extends Enum<E>> E choice(E[] values, String key, String word) {
    return Arrays.stream(values)
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "key '%s' should be one of %s in small letters, is %s"
                        .formatted(key, List.of(values), word)));
  }

  private static String name(String name, int maxLength) {
    if (!NAME.matcher(name).matches() || name.length() > maxLength) {
      throw new IllegalArgumentException(
          "a name is a small letter, then up to %d of a-z, 0-9 and _, this is '%s'"
              .formatted(maxLength - 1, name));
    }
    return name;
  }
}
