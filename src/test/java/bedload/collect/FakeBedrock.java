package bedload.collect;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Bedrock as an account's jobs make it look: lists page by page, refuses the tags of what has
 * ended, and does once whatever a test puts in front.
 */
final class FakeBedrock implements Provider {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final String account;
  private final String region;
  private final int pageSize;
  private final Map<String, Map<String, Object>> jobs = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> tags = new TreeMap<>();
  private final Deque<ProviderReply> first = new ArrayDeque<>();
  private int untouched;
  private final List<String> calls = new ArrayList<>();

  FakeBedrock(String account, String region, int pageSize) {
    this.account = account;
    this.region = region;
    this.pageSize = pageSize;
  }

  /** Adds a job, submitted so many minutes after the start, or changes its status. */
  void job(String name, String status, int minutes) {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("jobArn", arn(name));
    job.put("jobName", name);
    job.put("status", status);
    job.put("submitTime", START.plusSeconds(60L * minutes));
    job.put("inputDataConfig", Map.of("s3InputDataConfig", Map.of("s3Uri", "s3://in/" + name)));
    jobs.put(arn(name), job);
  }

  void tag(String name, String key, String value) {
    tags.computeIfAbsent(arn(name), _ -> new TreeMap<>()).put(key, value);
  }

  void forget(String name) {
    jobs.remove(arn(name));
  }

  /** Answers the next calls so, before it answers anything else. */
  void firstAnswer(ProviderReply reply, int times) {
    for (int i = 0; i < times; i++) {
      first.add(reply);
    }
  }

  /** Answers so many calls as ever, and the ones after them so. */
  void breakAfter(int calls, ProviderReply reply, int times) {
    untouched = calls;
    firstAnswer(reply, times);
  }

  /** Returns the operations that were called since the last time that this was asked. */
  synchronized List<String> callsSinceLast() {
    List<String> since = List.copyOf(calls);
    calls.clear();
    return since;
  }

  /** Returns how many calls there were since the last time that they were asked for. */
  synchronized int calls() {
    return calls.size();
  }

  private String arn(String name) {
    return "arn:aws:bedrock:%s:%s:model-invocation-job/%s".formatted(region, account, name);
  }

  @Override
  public synchronized ProviderReply call(String service, String operation, Map<String, ?> members) {
    calls.add(operation);
    if (untouched > 0) {
      untouched--;
    } else if (!first.isEmpty()) {
      return first.remove();
    }
    return switch (operation) {
      case "ListModelInvocationJobs" -> new ProviderReply.Answer(list(members));
      case "GetModelInvocationJob" -> found(jobs.get(members.get("jobIdentifier")));
      case "ListTagsForResource" -> tagsOf(String.valueOf(members.get("resourceARN")));
      default -> new ProviderReply.Refused("UnknownOperationException", operation);
    };
  }

  private Map<String, Object> list(Map<String, ?> members) {
    Instant after = members.get("submitTimeAfter") instanceof Instant time ? time : Instant.MIN;
    List<Map<String, Object>> all =
        jobs.values().stream()
            .filter(job -> submitted(job).isAfter(after))
            .sorted(Comparator.comparing(FakeBedrock::submitted))
            .toList();
    int from = members.get("nextToken") instanceof String token ? Integer.parseInt(token) : 0;
    int to = Math.min(all.size(), from + pageSize);
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("invocationJobSummaries", all.subList(from, to));
    if (to < all.size()) {
      page.put("nextToken", Integer.toString(to));
    }
    return page;
  }

  private static Instant submitted(Map<String, Object> job) {
    return (Instant) Objects.requireNonNull(job.get("submitTime"));
  }

  private static ProviderReply found(@Nullable Map<String, Object> job) {
    return job == null
        ? new ProviderReply.Refused("ResourceNotFoundException", "there is no such job")
        : new ProviderReply.Answer(job);
  }

  private ProviderReply tagsOf(String arn) {
    Map<String, Object> job = jobs.get(arn);
    if (job == null || "Completed".equals(job.get("status"))) {
      return new ProviderReply.Refused("ResourceNotFoundException", "the job has ended");
    }
    return new ProviderReply.Answer(
        Map.of(
            "tags",
            tags.getOrDefault(arn, Map.of()).entrySet().stream()
                .map(tag -> Map.of("key", tag.getKey(), "value", tag.getValue()))
                .toList()));
  }

  @Override
  public void close() {}
}
