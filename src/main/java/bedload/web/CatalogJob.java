package bedload.web;

import bedload.catalog.AnswerColumn;
import bedload.catalog.ReadingDesk;
import bedload.job.Arns;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.ledger.QueuePlace;
import bedload.web.page.JobLine;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A job as its row of the catalog has it, as far as a list shows it. */
record CatalogJob(
    String arn,
    String name,
    String status,
    String modelId,
    Instant submitTime,
    @Nullable Instant endTime,
    List<String> tags,
    String message) {
  CatalogJob {
    tags = List.copyOf(tags);
  }

  /** Returns the jobs of an answer that has all columns of the documented table. */
  static List<CatalogJob> of(ReadingDesk.Reply reply) {
    List<String> names = reply.columns().stream().map(AnswerColumn::name).toList();
    List<CatalogJob> jobs = new ArrayList<>();
    for (List<JsonNode> cells : reply.rows()) {
      Map<String, JsonNode> row = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), cells.get(i));
      }
      String end = text(row, "end_time");
      jobs.add(
          new CatalogJob(
              text(row, "job_arn"),
              text(row, "job_name"),
              text(row, "status"),
              text(row, "model_id"),
              instant(text(row, "submit_time")),
              end.isEmpty() ? null : instant(end),
              tags(row.get("tags")),
              text(row, "message")));
    }
    return jobs;
  }

  private static String text(Map<String, JsonNode> row, String column) {
    JsonNode value = row.get(column);
    return value == null || value.isNull() ? "" : value.asString("");
  }

  private static Instant instant(String text) {
    return text.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
  }

  private static List<String> tags(@Nullable JsonNode tags) {
    return tags == null || !tags.isArray()
        ? List.of()
        : tags.values().stream().map(tag -> tag.asString("")).toList();
  }

  /** Returns the id at the ARN's end; empty if it is none that this service could have given. */
  Optional<JobId> id() {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    return JobId.isValid(id) ? Optional.of(new JobId(id)) : Optional.empty();
  }

  /**
   * Returns the job as a list shows it: from the ledger if it is one of this service's own, because
   * counts move faster than the catalog.
   */
  JobLine line(Map<JobId, Job> own, Map<JobId, QueuePlace> places) {
    return id().map(own::get)
        .filter(job -> job.arn().equals(arn))
        .map(job -> JobLine.of(job, places.get(job.id())))
        .orElseGet(
            () ->
                new JobLine(
                    "/sql?sql=" + Requests.encoded(question(arn)),
                    name,
                    status,
                    Arns.bareModelId(modelId),
                    submitTime,
                    endTime,
                    tags,
                    message,
                    null,
                    null));
  }

  /** Returns the question for the whole row of a job. */
  static String question(String arn) {
    return "select *\n  from aws_bedrock_model_invocation_job\n where job_arn = '%s'"
        .formatted(arn.replace("'", "''"));
  }
}
