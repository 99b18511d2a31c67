package bedload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges a job by what the model server noted and what lies in the output, and by nothing that the
 * engine says of itself.
 *
 * @param lost records without an output line
 * @param doubled records with more than one
 * @param wrong output lines whose answer is not that of their record, or that stand out of order
 * @param finishedRepeats answers that the server gave to a record that it had answered before
 * @param repeats calls that it received for a record for which it had received one before
 */
public record CallAudit(int lost, int doubled, int wrong, int finishedRepeats, int repeats) {
  /**
   * Compares the server's log with an output whose record {@code i} has the id {@code record-i}.
   */
  public static CallAudit of(Path serverLog, List<String> outputLines, int first, int records)
      throws IOException {
    Map<String, Integer> seen = new HashMap<>();
    int wrong = 0;
    List<String> order = new ArrayList<>();
    for (String line : outputLines) {
      JsonNode json = JsonMapper.shared().readTree(line);
      String id = json.path("recordId").asString("");
      order.add(id);
      seen.merge(id, 1, Integer::sum);
      String answer =
          json.path("modelOutput")
              .path("choices")
              .path(0)
              .path("message")
              .path("content")
              .asString("");
      if (!answer.equals("You said: " + id)) {
        wrong++;
      }
    }
    int lost = 0;
    int doubled = 0;
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < records; i++) {
      String id = id(first + i);
      ids.add(id);
      int count = seen.getOrDefault(id, 0);
      lost += count == 0 ? 1 : 0;
      doubled += count > 1 ? 1 : 0;
      wrong += i < order.size() && order.get(i).equals(id) ? 0 : 1;
    }
    return new CallAudit(
        lost,
        doubled,
        wrong,
        repeats(serverLog, "finished", ids::contains),
        repeats(serverLog, "received", ids::contains));
  }

  /** Returns the id and the text of a record. */
  public static String id(int record) {
    return "record-%06d".formatted(record);
  }

  /** Returns the input line of a record whose only text is its id. */
  public static String chatRecord(String id) {
    return "{\"recordId\":\"%s\",\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}}\n"
        .formatted(id, id);
  }

  /** Returns such a line with more in it, of which the answer does not depend. */
  public static String chatRecord(String id, String padding) {
    return "{\"recordId\":\"%s\",\"modelInput\":{\"messages\":[{\"role\":\"system\",\"content\":\"%s\"},{\"role\":\"user\",\"content\":\"%s\"}]}}\n"
        .formatted(id, padding, id);
  }

  /** Returns how many calls the log says were answered. */
  public static long finished(Path serverLog) throws IOException {
    return Files.readString(serverLog).lines().filter(line -> line.startsWith("finished ")).count();
  }

  /** Returns how many calls the log has for records of which it had one before. */
  static int repeats(Path serverLog) throws IOException {
    return repeats(serverLog, "received", _ -> true);
  }

  private static int repeats(Path serverLog, String event, Predicate<String> isMeant)
      throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    Files.readString(serverLog)
        .lines()
        .map(line -> line.split(" "))
        .filter(words -> words[0].equals(event) && isMeant.test(words[1]))
        .forEach(words -> counts.merge(words[1], 1, Integer::sum));
    return counts.values().stream().mapToInt(count -> count - 1).sum();
  }
}
