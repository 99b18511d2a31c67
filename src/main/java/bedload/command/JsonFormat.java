package bedload.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes an answer as JSON objects, one a line: in an array, or each by itself. */
final class JsonFormat {
  private static final JsonMapper JSON = JsonMapper.shared();

  private JsonFormat() {}

  static void write(SqlAnswer answer, PrintWriter out) {
    out.print("[");
    String separator = "\n";
    for (Optional<List<JsonNode>> row = Cells.next(answer);
        row.isPresent();
        row = Cells.next(answer)) {
      out.print(separator);
      out.print(object(answer.columns(), row.get()));
      separator = ",\n";
    }
    out.println("\n]");
  }

  static void writeLines(SqlAnswer answer, PrintWriter out) {
    for (Optional<List<JsonNode>> row = Cells.next(answer);
        row.isPresent();
        row = Cells.next(answer)) {
      out.print(object(answer.columns(), row.get()));
      out.print('\n');
    }
    out.flush();
  }

  // By hand, so that a column whose name occurs twice is written twice, as the question asked.
  private static String object(List<String> columns, List<JsonNode> cells) {
    StringBuilder object = new StringBuilder("{");
    for (int i = 0; i < cells.size(); i++) {
      object
          .append(i == 0 ? "" : ", ")
          .append(JSON.writeValueAsString(columns.get(i)))
          .append(": ")
          .append(cells.get(i));
    }
    return object.append('}').toString();
  }
}
