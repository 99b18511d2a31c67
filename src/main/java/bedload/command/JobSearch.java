package bedload.command;

import bedload.job.JobStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds jobs by the catalog's search language, in every account and region that the catalog holds.
 * What it returns has the members of the API's answers, because that is what the catalog's columns
 * are named after; jobs of this service have record counts, too.
 */
final class JobSearch {
  private static final String TYPE = "aws_bedrock_model_invocation_job";
  private static final String COUNTS =
      """
      select job_arn,
             total_record_count,
             success_record_count + error_record_count as processed_record_count,
             success_record_count,
             error_record_count
        from aws_bedrock_model_invocation_job_usage
       where job_arn = any($1::text[])
      """;

  private JobSearch() {}

  /** Returns what a user wrote together with what the flags say; each null if it was not given. */
  static String text(
      List<String> words,
      @Nullable JobStatus status,
      @Nullable String name,
      @Nullable Instant since) {
    StringJoiner search = new StringJoiner(" ");
    words.forEach(search::add);
    if (status != null) {
      search.add("status:" + status.wireName());
    }
    if (name != null) {
      search.add("job_name:*" + name + "*");
    }
    if (since != null) {
      search.add("after:" + since);
    }
    return search.toString();
  }

  /** Returns at most that many jobs, the newest first. */
  static List<JobOnWire> find(BatchClient client, String search, int limit) {
    JsonNode found = client.ask(CatalogCalls.search(TYPE, search, limit));
    List<ObjectNode> jobs = new ArrayList<>();
    found.path("rows").forEach(row -> jobs.add(asAnswered(row)));
    Map<String, ObjectNode> counts = counts(client, jobs);
    return jobs.stream()
        .map(
            job -> {
              ObjectNode counted = counts.get(job.path("jobArn").asString(""));
              return new JobOnWire(counted == null ? job : job.setAll(counted));
            })
        .toList();
  }

  private static Map<String, ObjectNode> counts(BatchClient client, List<ObjectNode> jobs) {
    List<String> arns = jobs.stream().map(job -> job.path("jobArn").asString("")).toList();
    Map<String, ObjectNode> counts = new HashMap<>();
    client
        .ask(CatalogCalls.question(COUNTS, arns))
        .path("rows")
        .forEach(
            row -> {
              ObjectNode counted = asAnswered(row);
              counts.put(counted.path("jobArn").asString(""), counted);
            });
    return counts;
  }

  /** Returns a row in the API's spelling; what is null in the row is absent in an answer. */
  private static ObjectNode asAnswered(JsonNode row) {
    ObjectNode answered = JsonNodeFactory.instance.objectNode();
    row.properties()
        .forEach(
            column -> {
              JsonNode value = column.getValue();
              String member = inCamelCase(column.getKey());
              if (value.isObject()) {
                answered.set(member, asAnswered(value));
              } else if (value.isString() && member.endsWith("Time")) {
                answered.put(member, OffsetDateTime.parse(value.asString()).toInstant().toString());
              } else if (!value.isNull()) {
                answered.set(member, value);
              }
            });
    return answered;
  }

  private static String inCamelCase(String column) {
    StringBuilder member = new StringBuilder();
    for (int i = 0; i < column.length(); i++) {
      char letter = column.charAt(i);
      boolean isFirstOfWord = i > 0 && column.charAt(i - 1) == '_';
      if (letter != '_') {
        member.append(isFirstOfWord ? Character.toUpperCase(letter) : letter);
      }
    }
    return member.toString();
  }
}
