package bedload.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the rows of an answer into cells. */
final class Cells {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          // A number keeps every digit that the database sent.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Cells() {}

  /** Returns the next row's cells in column order; empty after the last row. */
  static Optional<List<JsonNode>> next(SqlAnswer answer) {
    return answer.next().map(Cells::cells);
  }

  private static List<JsonNode> cells(String row) {
    return new ArrayList<>(JSON.readTree(row).values());
  }

  /** Returns a cell as text: a string as it is, a struct or an array as JSON. */
  static String text(JsonNode cell) {
    return cell.isString() ? cell.stringValue() : cell.toString();
  }
}
