package bedload.web.query;

import bedload.catalog.AnswerColumn;
import bedload.catalog.ReadingDesk;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** An answer column by column, with Datadog's names of types and its writing of values. */
final class DdsqlColumns {
  private static final String ARRAY = "[]";

  private DdsqlColumns() {}

  /** Returns the columns, each with a value for every row. */
  static List<Map<String, Object>> of(ReadingDesk.Reply reply) {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (int i = 0; i < reply.columns().size(); i++) {
      AnswerColumn column = reply.columns().get(i);
      String type = typeName(column.type());
      int index = i;
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("name", column.name());
      shown.put("type", type);
      shown.put("values", reply.rows().stream().map(row -> value(type, row.get(index))).toList());
      columns.add(shown);
    }
    return columns;
  }

  private static String typeName(String postgres) {
    if (postgres.endsWith(ARRAY)) {
      return typeName(postgres.substring(0, postgres.length() - ARRAY.length())) + ARRAY;
    }
    return switch (postgres) {
      case "int2", "int4", "int8", "oid" -> "BIGINT";
      case "numeric", "float4", "float8" -> "DECIMAL";
      case "bool" -> "BOOLEAN";
      case "timestamp", "timestamptz" -> "TIMESTAMP";
      case "date" -> "DATE";
      case "interval" -> "INTERVAL";
      case "hstore" -> "HSTORE";
      case "json", "jsonb", "record" -> "JSON";
      default -> "VARCHAR";
    };
  }

  private static JsonNode value(String type, JsonNode value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (value.isNull()) {
      return value;
    }
    if (type.endsWith(ARRAY)) {
      String element = type.substring(0, type.length() - ARRAY.length());
      ArrayNode array = json.arrayNode();
      value.forEach(one -> array.add(value(element, one)));
      return array;
    }
    return switch (type) {
      case "TIMESTAMP", "DATE" -> time(value);
      case "JSON" -> json.stringNode(value.toString());
      // What is no number has no place among numbers: NaN and the infinities.
      case "DECIMAL" -> value.isNumber() ? value : json.nullNode();
      case "VARCHAR" -> value.isString() ? value : json.stringNode(value.toString());
      default -> value;
    };
  }

  /** Milliseconds since 1970; a time that has none, such as infinity, stays a text. */
  private static JsonNode time(JsonNode value) {
    String text = value.asString();
    try {
      long millis =
          text.indexOf('T') < 0
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
              : hasZone(text)
                  ? OffsetDateTime.parse(text).toInstant().toEpochMilli()
                  : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
      return JsonNodeFactory.instance.numberNode(millis);
    } catch (DateTimeException e) {
      return value;
    }
  }

  private static boolean hasZone(String text) {
    int time = text.indexOf('T');
    return text.indexOf('+', time) >= 0 || text.indexOf('-', time) >= 0 || text.endsWith("Z");
  }
}
