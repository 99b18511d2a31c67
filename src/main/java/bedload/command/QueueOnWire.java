package bedload.command;

import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Where a job stands that has not ended, as the catalog has it. The API of Bedrock has no place for
 * it.
 *
 * @param row one of the answer to {@link #QUESTION}
 */
record QueueOnWire(JsonNode row) {
  /** Asks for the places of jobs, by a list of their ARNs. */
  static final String QUESTION =
      """
      select position, ahead_record_count, records_per_second,
             date_trunc('second', estimated_start) as estimated_start,
             date_trunc('second', estimated_end) as estimated_end
        from aws_bedrock_model_invocation_job_queue
       where job_arn = any($1::text[])
      """;

  /** Returns what is known, by the name of the field for people. */
  Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    JsonNode position = row.path("position");
    if (position.isNumber()) {
      fields.put(
          "queue",
          "number %,d, %,d records before it"
              .formatted(position.asLong(), row.path("ahead_record_count").asLong(0)));
    }
    JsonNode pace = row.path("records_per_second");
    if (pace.isNumber()) {
      fields.put("pace", "%,.1f records/s".formatted(pace.asDouble()));
    }
    time("estimated_start").ifPresent(start -> fields.put("starts", "about " + start));
    time("estimated_end").ifPresent(end -> fields.put("ends", "about " + end));
    return fields;
  }

  private Optional<String> time(String column) {
    JsonNode time = row.path(column);
    // As the API writes times; PostgreSQL has an offset at their end.
    return time.isString()
        ? Optional.of(OffsetDateTime.parse(time.asString()).toInstant().toString())
        : Optional.empty();
  }
}
