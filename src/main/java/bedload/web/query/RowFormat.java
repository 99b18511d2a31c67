package bedload.web.query;

import bedload.catalog.AnswerColumn;
import bedload.catalog.ReadingDesk;
import bedload.wire.Document;
import bedload.wire.Members;
import bedload.wire.TextRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** How an answer's rows are written. */
public enum RowFormat {
  JSON,
  CSV;

  /** Returns the format that a request asks for, JSON if it does not say. */
  static RowFormat read(Members members) {
    List<String> words =
        Stream.of(values()).map(format -> format.name().toLowerCase(Locale.ROOT)).toList();
    return members
        .text("format", TextRule.oneOf(words))
        .filter(words::contains)
        .map(word -> valueOf(word.toUpperCase(Locale.ROOT)))
        .orElse(JSON);
  }

  /** Returns the answer's body. */
  public Object write(ReadingDesk.Reply reply) {
    return switch (this) {
      case JSON -> json(reply);
      case CSV ->
          new Document("text/csv; charset=utf-8", csv(reply).getBytes(StandardCharsets.UTF_8));
    };
  }

  /** Returns the answer as a document. */
  public static Map<String, Object> json(ReadingDesk.Reply reply) {
    List<String> names = distinct(reply.columns());
    List<Map<String, JsonNode>> rows = new ArrayList<>();
    for (List<JsonNode> cells : reply.rows()) {
      Map<String, JsonNode> row = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), cells.get(i));
      }
      rows.add(row);
    }
    List<Map<String, String>> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Map<String, String> column = new LinkedHashMap<>();
      column.put("name", names.get(i));
      column.put("type", reply.columns().get(i).type());
      columns.add(column);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("columns", columns);
    body.put("rows", rows);
    body.put("row_count", rows.size());
    body.put("truncated", reply.isCut());
    body.put("took_ms", Math.round(reply.took().toNanos() / 1e4) / 100.0);
    return body;
  }

  /** An object has each name once, so the second of a name gets a number: job_arn, job_arn_2. */
  private static List<String> distinct(List<AnswerColumn> columns) {
    Set<String> taken = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (AnswerColumn column : columns) {
      String name = column.name();
      for (int n = 2; !taken.add(name); n++) {
        name = column.name() + "_" + n;
      }
      names.add(name);
    }
    return names;
  }

  /** As RFC 4180 has it; NULL is an empty field, the empty text a quoted one. */
  private static String csv(ReadingDesk.Reply reply) {
    StringBuilder text = new StringBuilder();
    line(text, reply.columns().stream().map(column -> field(column.name())));
    reply
        .rows()
        .forEach(
            row ->
                line(
                    text,
                    row.stream()
                        .map(
                            cell ->
                                cell.isNull()
                                    ? ""
                                    : field(cell.isString() ? cell.asString() : cell.toString()))));
    return text.toString();
  }

  private static void line(StringBuilder text, Stream<String> fields) {
    text.append(fields.collect(Collectors.joining(","))).append("\r\n");
  }

  private static String field(String text) {
    boolean plain =
        !text.isEmpty()
            && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
