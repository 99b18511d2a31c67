package bedload.command;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** The sample records: English sentences to be embedded, one record each. */
final class DemoInput {
  private static final String SENTENCES = "/demo/sentences.txt";
  private static final String RECORD_ID_PREFIX = "demo-";
  private static final JsonMapper JSON = JsonMapper.shared();

  private DemoInput() {}

  /** Returns the sentences that come with bedload. */
  static List<String> sentences() {
    try (InputStream file =
            Objects.requireNonNull(DemoInput.class.getResourceAsStream(SENTENCES), SENTENCES);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read " + SENTENCES + " of the jar", e);
    }
  }

  /**
   * Writes that many records as JSONL. After the last sentence comes the first again, with a number
   * before it, so that no two records are the same.
   */
  static void write(Path file, int records) throws IOException {
    List<String> sentences = sentences();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < records; i++) {
        int round = i / sentences.size();
        String sentence = sentences.get(i % sentences.size());
        out.write(line(i, round == 0 ? sentence : "(%d) %s".formatted(round + 1, sentence)));
        out.write('\n');
      }
    }
  }

  private static String line(int number, String text) {
    return "{\"recordId\":\"%s\",\"modelInput\":{\"inputText\":%s}}"
        .formatted(recordId(number), JSON.writeValueAsString(text));
  }

  private static String recordId(int number) {
    return "%s%09d".formatted(RECORD_ID_PREFIX, number);
  }

  /** Returns the number of the record that has an id; -1 if no record of ours has it. */
  static int number(String recordId) {
    String digits =
        recordId.startsWith(RECORD_ID_PREFIX) ? recordId.substring(RECORD_ID_PREFIX.length()) : "";
    return digits.matches("[0-9]{9}") ? Integer.parseInt(digits) : -1;
  }
}
