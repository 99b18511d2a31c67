package bedload.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Writes an answer for people: aligned columns if they fit, else each row as a block with one field
 * a line, where the fields of a struct have lines of their own.
 */
final class TableFormat {
  /** More would be read by nobody, and the widths of all must be known before the first is out. */
  static final int MOST_ROWS = 10_000;

  /** Less of a name would say nothing. */
  private static final int LEAST_CUT = 8;

  private final PrintWriter out;
  private final int width;

  TableFormat(PrintWriter out, int width) {
    this.out = out;
    this.width = width;
  }

  void write(SqlAnswer answer) {
    List<List<JsonNode>> rows = new ArrayList<>();
    Optional<List<JsonNode>> row = Cells.next(answer);
    while (row.isPresent() && rows.size() < MOST_ROWS) {
      rows.add(row.get());
      row = Cells.next(answer);
    }
    write(answer.columns(), rows);
    if (row.isPresent()) {
      out.println("… and more rows; --format csv and --format json write them all");
    }
    out.flush();
  }

  void write(List<String> columns, List<List<JsonNode>> rows) {
    int[] widths = widths(columns, rows);
    int total = -2;
    for (int column : widths) {
      total += column + 2;
    }
    if (total <= width || rows.isEmpty()) {
      writeGrid(columns, rows, widths);
    } else {
      writeBlocks(columns, rows);
    }
    out.println("(%d row%s)".formatted(rows.size(), rows.size() == 1 ? "" : "s"));
  }

  /**
   * Writes a table whose rows stay on a line each: columns that may be cut are, evenly, as far as
   * the width asks for it; if even that is not enough, each row becomes a block.
   */
  void writeFitted(List<String> columns, List<List<JsonNode>> rows, Set<String> mayBeCut) {
    int[] widths = widths(columns, rows);
    int tooMuch = IntStream.of(widths).sum() + 2 * (widths.length - 1) - width;
    while (tooMuch > 0) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        if (mayBeCut.contains(columns.get(i))
            && widths[i] > LEAST_CUT
            && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      tooMuch--;
    }
    write(columns, tooMuch > 0 ? rows : rows.stream().map(row -> cut(row, widths)).toList());
  }

  private static List<JsonNode> cut(List<JsonNode> row, int[] widths) {
    List<JsonNode> cut = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      String text = text(row.get(i));
      cut.add(
          length(text) <= widths[i]
              ? row.get(i)
              : JsonNodeFactory.instance.stringNode(
                  text.substring(0, text.offsetByCodePoints(0, widths[i] - 1)) + "…"));
    }
    return cut;
  }

  private static int[] widths(List<String> columns, List<List<JsonNode>> rows) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = length(columns.get(i));
      for (List<JsonNode> row : rows) {
        widths[i] = Math.max(widths[i], length(text(row.get(i))));
      }
    }
    return widths;
  }

  private void writeGrid(List<String> columns, List<List<JsonNode>> rows, int[] widths) {
    List<String> rules = new ArrayList<>();
    for (int column : widths) {
      rules.add("-".repeat(column));
    }
    writeLine(columns, widths, List.of());
    writeLine(rules, widths, List.of());
    for (List<JsonNode> row : rows) {
      writeLine(row.stream().map(TableFormat::text).toList(), widths, row);
    }
  }

  /** Numbers stand to the right. */
  private void writeLine(List<String> texts, int[] widths, List<JsonNode> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      String gap = " ".repeat(widths[i] - length(texts.get(i)));
      boolean right = !row.isEmpty() && row.get(i).isNumber();
      line.append(i == 0 ? "" : "  ")
          .append(right ? gap : "")
          .append(texts.get(i))
          .append(right ? "" : gap);
    }
    out.println(line.toString().stripTrailing());
  }

  private void writeBlocks(List<String> columns, List<List<JsonNode>> rows) {
    for (int i = 0; i < rows.size(); i++) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (int column = 0; column < columns.size(); column++) {
        collect(columns.get(column), rows.get(i).get(column), fields);
      }
      int longest = fields.keySet().stream().mapToInt(TableFormat::length).max().orElse(0);
      out.println("--- row " + (i + 1));
      fields.forEach(
          (name, value) ->
              out.println(
                  (name + " ".repeat(longest - length(name)) + "  " + value).stripTrailing()));
    }
  }

  private static void collect(String name, JsonNode cell, Map<String, String> fields) {
    if (cell.isObject() && !cell.isEmpty()) {
      cell.properties()
          .forEach(field -> collect(name + "." + field.getKey(), field.getValue(), fields));
    } else {
      String unique = name;
      for (int i = 2; fields.containsKey(unique); i++) {
        unique = name + "#" + i;
      }
      fields.put(unique, text(cell));
    }
  }

  private static String text(JsonNode cell) {
    return cell.isNull() ? "" : Printable.of(Cells.text(cell));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
