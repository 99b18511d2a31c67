package bedload.announce;

import bedload.job.Arns;
import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.ledger.JobEvent;
import bedload.wire.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** A step of a job as EventBridge tells it. */
final class StateChange {
  /** AWS's documentation has times of the detail in this form and no other. */
  private static final DateTimeFormatter TIME_IN_DETAIL =
      DateTimeFormatter.ofPattern("MMM d, yyyy, h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

  private StateChange() {}

  static Notice of(JobEvent event) {
    Job job = event.job();
    String id =
        UUID.nameUUIDFromBytes(
                (job.arn() + "/" + event.sequence()).getBytes(StandardCharsets.UTF_8))
            .toString();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", "0");
    document.put("id", id);
    document.put("detail-type", "Batch Inference Job State Change");
    document.put("source", "aws.bedrock");
    document.put("account", job.account().value());
    document.put("time", event.at().truncatedTo(ChronoUnit.SECONDS).toString());
    document.put("region", job.region());
    document.put("resources", List.of(job.arn()));
    document.put("detail", detail(job));
    return new Notice(id, WireJson.MAPPER.writeValueAsString(document));
  }

  private static Map<String, Object> detail(Job job) {
    String message = job.message();
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("version", "0.0");
    detail.put("accountId", job.account().value());
    detail.put("batchJobName", job.spec().jobName());
    detail.put("batchJobArn", job.arn());
    detail.put("batchModelId", Arns.model(job.account(), job.region(), job.spec().modelId()));
    detail.put("status", job.status().wireName());
    detail.put(
        "failureMessage", job.status() == JobStatus.FAILED && message != null ? message : "");
    detail.put("creationTime", timeInDetail(job.submitTime()));
    return detail;
  }

  private static String timeInDetail(Instant time) {
    return TIME_IN_DETAIL.format(time);
  }
}
