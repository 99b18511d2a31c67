package bedload.web.page;

import bedload.job.Arns;
import bedload.job.Job;
import bedload.job.RecordCounts;
import bedload.ledger.QueuePlace;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands in a list.
 *
 * @param link where there is more of it
 * @param status by the name that the API gives it; AWS may have one that is new
 * @param modelId without what an ARN has around it
 * @param tags each as key:value
 * @param message why it failed, or what a user should know; empty if nothing
 * @param counts null if only another service could say
 * @param place where it stands; null if it has ended, or nobody knows
 */
public record JobLine(
    String link,
    String name,
    String status,
    String modelId,
    Instant submitTime,
    @Nullable Instant endTime,
    List<String> tags,
    String message,
    @Nullable RecordCounts counts,
    @Nullable QueuePlace place) {
  public JobLine {
    tags = List.copyOf(tags);
  }

  /** Returns the line of a job of this service whose place in the queue is of no interest. */
  public static JobLine of(Job job) {
    return of(job, null);
  }

  /** Returns the line of a job of this service. */
  public static JobLine of(Job job, @Nullable QueuePlace place) {
    return new JobLine(
        Texts.link(job),
        job.spec().jobName(),
        job.status().wireName(),
        Arns.bareModelId(job.spec().modelId()),
        job.submitTime(),
        job.endTime(),
        job.spec().tags().entrySet().stream()
            .map(tag -> tag.getKey() + ":" + tag.getValue())
            .toList(),
        Objects.requireNonNullElse(job.message(), ""),
        job.counts(),
        place);
  }
}
