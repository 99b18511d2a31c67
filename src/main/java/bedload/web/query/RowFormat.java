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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How an answer's rows are written. */
public enum RowFormat {
  JSON,
  /** A row a line. */
  JSONL,
  CSV;

  private static final JsonMapper ROWS = JsonMapper.shared();

  /** Returns the format that a request asks for, JSON if it does not say. */
  static RowFormat read(Members members) {
    return members.text("format", TextRule.oneOf(words())).flatMap(RowFormat::of).orElse(JSON);
  }

  /** Returns the format of a word; empty if no format is called so. */
  static Optional<RowFormat> of(String word) {
    return words().contains(word)
        ? Optional.of(valueOf(word.toUpperCase(Locale.ROOT)))
        : Optional.empty();
  }

  /** Returns the words that formats are called by. */
  static List<String> words() {
    return Stream.of(values()).map(format -> format.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** Returns the answer's body. */
  public Object write(ReadingDesk.Reply reply) {
    return switch (this) {
      case JSON -> json(reply);
      case JSONL ->
          new Document("application/x-ndjson", lines(reply).getBytes(StandardCharsets.UTF_8));
      case CSV ->
          new Document("text/csv; charset=utf-8", csv(reply).getBytes(StandardCharsets.UTF_8));
    };
  }

  private static List<Map<String, JsonNode>> objects(List<String> names, ReadingDesk.Reply reply) {
    List<Map<String, JsonNode>> rows = new ArrayList<>();
    for (List<JsonNode> cells : reply.rows()) {
      Map<String, JsonNode> row = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), cells.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private static String lines(ReadingDesk.Reply reply) {
    StringBuilder text = new StringBuilder();
    objects(distinct(reply.columns()), reply)
        .forEach(row -> text.append(ROWS.writeValueAsString(row)).append('\n'));
    return text.toString();
  }

  /** Returns the answer as a document. */
  public static Map<String, Object> json(ReadingDesk.Reply reply) {
    List<String> names = distinct(reply.columns());
    List<Map<String, JsonNode>> rows = objects(names, reply);
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
