package bedload.command;

import bedload.object.FailedRecords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Failed records by error code; of each code the count, and a few records with different texts. */
final class ErrorGroups {
  private static final int SAMPLES = 3;

  private final Map<Integer, Group> groups = new TreeMap<>();

  private static final class Group {
    private long count;
    private final List<FailedRecords.Failed> samples = new ArrayList<>();
  }

  /** Counts a record in. */
  void add(FailedRecords.Failed record) {
    Group group = groups.computeIfAbsent(record.errorCode(), code -> new Group());
    group.count++;
    boolean isNews =
        group.samples.stream()
            .noneMatch(sample -> sample.errorMessage().equals(record.errorMessage()));
    if (isNews && group.samples.size() < SAMPLES) {
      group.samples.add(record);
    }
  }

  /** Returns how many records were counted in. */
  long count() {
    return groups.values().stream().mapToLong(group -> group.count).sum();
  }

  /** Returns the groups as lines for people, the largest first. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    groups.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().count))
        .forEach(
            entry -> {
              long count = entry.getValue().count;
              lines.add("%d  %,d record%s".formatted(entry.getKey(), count, count == 1 ? "" : "s"));
              entry.getValue().samples.stream()
                  .map(
                      sample ->
                          "     %s: %s"
                              .formatted(
                                  Printable.of(sample.recordId()),
                                  Printable.of(sample.errorMessage(), 300)))
                  .forEach(lines::add);
            });
    return lines;
  }

  /** Returns the same as a document. */
  Map<String, Object> document(String arn) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("jobArn", arn);
    document.put("errorRecordCount", count());
    document.put(
        "errors",
        groups.entrySet().stream()
            .map(entry -> document(entry.getKey(), entry.getValue()))
            .toList());
    return document;
  }

  private static Map<String, Object> document(int code, Group group) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("errorCode", code);
    document.put("count", group.count);
    document.put(
        "samples",
        group.samples.stream()
            .map(
                sample ->
                    Map.of("recordId", sample.recordId(), "errorMessage", sample.errorMessage()))
            .toList());
    return document;
  }
}
