package bedload.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a look at every line of a demo's output found.
 *
 * @param firstLines the first two, as they are
 * @param records how many distinct records of the input have a line
 * @param surplus lines too many: a record's second, or of no record of ours
 * @param errors lines that hold an error in place of an answer
 */
record OutputCheck(List<String> firstLines, int records, int surplus, int errors) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Reads an output object to its end. */
  static OutputCheck of(InputStream output) throws IOException {
    List<String> firstLines = new ArrayList<>();
    BitSet seen = new BitSet();
    int surplus = 0;
    int errors = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode json = JSON.readTree(line);
        int number = DemoInput.number(json.path("recordId").asString(""));
        if (number < 0 || seen.get(number)) {
          surplus++;
        } else {
          seen.set(number);
        }
        if (!json.has("modelOutput")) {
          errors++;
        }
        if (firstLines.size() < 2) {
          firstLines.add(line);
        }
      }
    }
    return new OutputCheck(List.copyOf(firstLines), seen.cardinality(), surplus, errors);
  }

  /** Says whether each of that many records has exactly one line. */
  boolean isExact(int wanted) {
    return records == wanted && surplus == 0;
  }
}
