package bedload.command;

import bedload.job.JobStatus;
import bedload.job.LengthText;
import bedload.job.RecordCounts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes one job for people: a field a line. */
final class JobPage {
  private JobPage() {}

  /**
   * Writes a job.
   *
   * @param usage null if it is not known
   * @param queue where it stands, a field each
   */
  static void write(
      PrintWriter out, JobOnWire job, @Nullable UsageOnWire usage, Map<String, String> queue) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("job", job.arn());
    fields.put("name", job.name());
    fields.put("status", job.status().wireName());
    if (!job.message().isEmpty()) {
      fields.put("message", job.message());
    }
    fields.put("model", job.modelId());
    fields.put("records", records(job.status(), job.counts()));
    fields.putAll(queue);
    if (usage != null) {
      tokens(usage).ifPresent(tokens -> fields.put("tokens", tokens));
      usage.cost().ifPresent(cost -> fields.put("cost", cost.toPlainString()));
    }
    fields.put("submitted", job.submitTime().toString());
    job.endTime().ifPresent(end -> fields.put("ended", end + ", after " + took(job)));
    fields.put("input", job.inputUri().toString());
    fields.put("output", job.outputFolder().toString());
    fields.forEach((name, value) -> out.println("%-11s%s".formatted(name, Printable.of(value))));
  }

  /** Returns the counts of tokens that are known; empty if none is. */
  private static Optional<String> tokens(UsageOnWire usage) {
    List<String> known = new ArrayList<>();
    usage.tokens("inputTokens").ifPresent(count -> known.add("%,d in".formatted(count)));
    usage
        .tokens("cacheReadTokens")
        .ifPresent(count -> known.add("%,d out of a cache".formatted(count)));
    usage
        .tokens("cacheWriteTokens")
        .ifPresent(count -> known.add("%,d into a cache".formatted(count)));
    usage.tokens("outputTokens").ifPresent(count -> known.add("%,d out".formatted(count)));
    return known.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", known));
  }

  static String records(JobStatus status, RecordCounts counts) {
    return !counts.areKnown()
        ? RecordCounts.unknown(status)
        : "%,d of %,d done, %,d failed"
            .formatted(counts.processed(), counts.total(), counts.error());
  }

  /** Returns how long it took; empty while it runs. */
  static String took(JobOnWire job) {
    return job.endTime()
        .map(end -> LengthText.of(Duration.between(job.submitTime(), end)))
        .orElse("");
  }
}
