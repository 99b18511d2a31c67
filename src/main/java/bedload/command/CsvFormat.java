package bedload.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Writes an answer as RFC 4180 has it: CRLF ends a line, a field is quoted if it must be. NULL is
 * an empty field, the empty text a quoted one.
 */
final class CsvFormat {
  private static final String END_OF_LINE = "\r\n";

  private CsvFormat() {}

  static void write(SqlAnswer answer, PrintWriter out) {
    out.print(answer.columns().stream().map(CsvFormat::field).collect(Collectors.joining(",")));
    out.print(END_OF_LINE);
    for (Optional<List<JsonNode>> row = Cells.next(answer);
        row.isPresent();
        row = Cells.next(answer)) {
      out.print(
          row.get().stream()
              .map(cell -> cell.isNull() ? "" : field(Cells.text(cell)))
              .collect(Collectors.joining(",")));
      out.print(END_OF_LINE);
    }
    out.flush();
  }

  static String field(String text) {
    boolean plain =
        !text.isEmpty()
            && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
