package bedload.command;

import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.job.S3Uri;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A job as the service describes it.
 *
 * @param document what the API answered, whole
 */
record JobOnWire(JsonNode document) {
  String arn() {
    return text("jobArn");
  }

  /** Returns the id at the end of the ARN, which stands for it in every call. */
  String id() {
    return arn().substring(arn().lastIndexOf('/') + 1);
  }

  String name() {
    return text("jobName");
  }

  String modelId() {
    return text("modelId");
  }

  String roleArn() {
    return text("roleArn");
  }

  JobStatus status() {
    return JobStatus.ofWireName(text("status"));
  }

  /** Returns what a user should know of the job; empty if nothing. */
  String message() {
    return text("message");
  }

  RecordCounts counts() {
    return new RecordCounts(
        document.path("totalRecordCount").asLong(0),
        document.path("successRecordCount").asLong(0),
        document.path("errorRecordCount").asLong(0));
  }

  Instant submitTime() {
    return Instant.parse(text("submitTime"));
  }

  /** Returns when it ended; empty while it runs, and for a job stopped before it ran. */
  Optional<Instant> endTime() {
    return Optional.of(text("endTime")).filter(text -> !text.isEmpty()).map(Instant::parse);
  }

  int timeoutHours() {
    return document.path("timeoutDurationInHours").asInt(24);
  }

  S3Uri inputUri() {
    return S3Uri.parse(
        document.path("inputDataConfig").path("s3InputDataConfig").path("s3Uri").asString(""));
  }

  S3Uri outputUri() {
    return S3Uri.parse(
        document.path("outputDataConfig").path("s3OutputDataConfig").path("s3Uri").asString(""));
  }

  /** Returns the folder below which everything lies that the job writes. */
  S3Uri outputFolder() {
    return outputUri().resolve(id() + "/");
  }

  private String text(String member) {
    return document.path(member).asString("");
  }
}
