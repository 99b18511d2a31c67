package bedload.web;

import bedload.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Fifty jobs in all ten statuses, written into the books as if each had come to where it is, with
 * texts that try to be more than text.
 */
public final class FiftyJobs {
  static final String MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>&amp;\"'";
  static final String TURNED = "\u202egnitset\u202c \u0645\u0631\u062d\u0628\u0627";
  static final String LONG = "loooong ".repeat(1_250);

  private static final Map<JobStatus, Integer> COUNTS = new EnumMap<>(JobStatus.class);

  static {
    COUNTS.put(JobStatus.SUBMITTED, 3);
    COUNTS.put(JobStatus.VALIDATING, 2);
    COUNTS.put(JobStatus.SCHEDULED, 4);
    // As many as may run at once: whoever fills free places would start those that wait.
    COUNTS.put(JobStatus.IN_PROGRESS, 10);
    COUNTS.put(JobStatus.STOPPING, 2);
    COUNTS.put(JobStatus.COMPLETED, 13);
    COUNTS.put(JobStatus.PARTIALLY_COMPLETED, 4);
    COUNTS.put(JobStatus.FAILED, 6);
    COUNTS.put(JobStatus.EXPIRED, 3);
    COUNTS.put(JobStatus.STOPPED, 3);
  }

  private static final List<String> MODELS =
      List.of(
          "amazon.titan-embed-text-v2:0",
          "anthropic.claude-3-haiku-20240307-v1:0",
          "meta.llama3-2-3b-instruct-v1:0");

  private FiftyJobs() {}

  /** Writes the jobs of an account; returns the id of one of each status. */
  public static Map<JobStatus, String> writeTo(Jdbi jdbi, String account, Instant now) {
    Map<JobStatus, String> ids = new EnumMap<>(JobStatus.class);
    int number = 0;
    for (Map.Entry<JobStatus, Integer> each : COUNTS.entrySet()) {
      for (int i = 0; i < each.getValue(); i++) {
        String id = "fifty%07d".formatted(number);
        int order = number;
        boolean isFirst = i == 0;
        JobStatus status = each.getKey();
        jdbi.useTransaction(handle -> write(handle, account, id, status, order, isFirst, now));
        ids.putIfAbsent(status, id);
        number++;
      }
    }
    return ids;
  }

  private static final String JOB =
      """
      insert into ledger.job (
             id, account, region, job_name, role_arn, model_id, invocation_type,
             input_uri, input_bucket_owner, output_uri, output_bucket_owner, timeout_seconds,
             tag_keys, tag_values, status, message, submitted_at, changed_at, started_at, ended_at,
             deadline, model_key, total, success, error, input_tokens, output_tokens)
      values (:id, :account, 'us-east-1', :name, 'arn:aws:iam::000000000000:role/batch', :model, 'InvokeModel',
             :input, :account, 's3://results/out/', :account, 86400,
             :keys, :values, :status, :message, :submitted, :changed, :started, :ended,
             :deadline, :model, :total, :success, :error, :tokensIn, :tokensOut)
      """;

  private static final String EVENT =
      """
      insert into ledger.job_event (job_id, at, status, message, ended_at, total, success, error)
      values (:id, :at, :status, :message, :ended, :total, :success, :error)
      """;

  private static final String SHARD =
      """
      with input as (
             insert into ledger.input (job_id, number, uri, relative_name, size_bytes, etag, records)
             values (:id, 0, 's3://records/in.jsonl', 'in.jsonl', 1000000, 'etag', :total))
      insert into ledger.shard (job_id, number, input, first_byte, end_byte, first_ordinal, records, state, success, error)
      values (:id, 0, 0, 0, 1000000, 0, :total, 'Running', :success, :error)
      """;

  private static final String PACE =
      """
      insert into ledger.pace_point (job_id, at, success, error, in_flight, in_flight_limit)
      select :id, cast(:from as timestamptz) + (cast(:to as timestamptz) - cast(:from as timestamptz)) * number / 100,
             cast(:success as bigint) * number * number / 10000, cast(:error as bigint) * number / 100,
             (20 + 14 * sin(number / 6.0))::int, 40
        from generate_series(0, 100) as number
      on conflict do nothing
      """;

  private static void write(
      Handle handle,
      String account,
      String id,
      JobStatus status,
      int number,
      boolean isFirst,
      Instant now) {
    List<JobStatus> steps = steps(status);
    Instant submitted = now.minus(Duration.ofMinutes(37L * (50 - number) + 1));
    boolean ran = steps.contains(JobStatus.IN_PROGRESS);
    boolean isFinal = status.isFinal();
    long total = steps.size() > 2 ? 1_000L + 977L * number : 0;
    long success = !ran ? 0 : status == JobStatus.COMPLETED ? total - number : total / 3;
    long error = !ran ? 0 : status == JobStatus.COMPLETED ? number : total / 50;
    String message = message(status, isFirst);
    Instant changed = submitted.plus(Duration.ofSeconds(90L * (steps.size() - 1)));
    handle
        .createUpdate(JOB)
        .bind("id", id)
        .bind("account", account)
        .bind("name", name(status, number, isFirst))
        .bind("model", MODELS.get(number % MODELS.size()))
        .bind("input", "s3://records/in-%d.jsonl".formatted(number))
        .bind("keys", new String[] {"team", isFirst ? MARKUP : "stage"})
        .bind(
            "values", new String[] {number % 2 == 0 ? "search" : "ads", isFirst ? TURNED : "prod"})
        .bind("status", status.wireName())
        .bind("message", message)
        .bind("submitted", submitted)
        .bind("changed", changed)
        .bind("started", ran ? submitted.plusSeconds(270) : null)
        .bind("ended", isFinal ? changed : null)
        .bind("deadline", submitted.plus(Duration.ofDays(7)))
        .bind("total", total)
        .bind("success", isFinal ? success : 0)
        .bind("error", isFinal ? error : 0)
        .bind("tokensIn", isFinal && ran ? 31L * success : null)
        .bind("tokensOut", isFinal && ran ? 7L * success : null)
        .execute();
    for (int i = 0; i < steps.size(); i++) {
      boolean isLast = i == steps.size() - 1;
      handle
          .createUpdate(EVENT)
          .bind("id", id)
          .bind("at", submitted.plus(Duration.ofSeconds(90L * i)))
          .bind("status", steps.get(i).wireName())
          .bind("message", isLast ? message : null)
          .bind("ended", isLast && isFinal ? changed : null)
          .bind("total", i > 1 ? total : 0)
          .bind("success", isLast && isFinal ? success : 0)
          .bind("error", isLast && isFinal ? error : 0)
          .execute();
    }
    if (ran) {
      handle
          .createUpdate(PACE)
          .bind("id", id)
          .bind("success", success)
          .bind("error", error)
          .bind("from", submitted.plusSeconds(270))
          .bind("to", isFinal ? changed : now.minus(Duration.ofMinutes(30)))
          .execute();
    }
    if (ran && !isFinal) {
      handle
          .createUpdate(SHARD)
          .bind("id", id)
          .bind("total", total)
          .bind("success", success)
          .bind("error", error)
          .execute();
    }
  }

  private static String name(JobStatus status, int number, boolean isFirst) {
    if (!isFirst) {
      return "nightly-%s-%02d".formatted(status.wireName().toLowerCase(Locale.ROOT), number);
    }
    return switch (status) {
      case COMPLETED -> MARKUP;
      case FAILED -> TURNED;
      case STOPPED -> LONG;
      default -> "a-name-of-all-sixty-three-characters-that-there-may-be-%08d".formatted(number);
    };
  }

  private static @Nullable String message(JobStatus status, boolean isFirst) {
    return switch (status) {
      case FAILED ->
          isFirst
              ? "s3://records/in.jsonl:3: this is not JSON: %s %s %s"
                  .formatted(MARKUP, TURNED, LONG)
              : "s3://records/in.jsonl:3: this is not JSON";
      case PARTIALLY_COMPLETED -> "The timeout came while records were being sent.";
      case EXPIRED -> "The timeout came before the job's turn did.";
      default -> null;
    };
  }

  private static List<JobStatus> steps(JobStatus status) {
    List<JobStatus> way =
        new ArrayList<>(
            List.of(
                JobStatus.SUBMITTED,
                JobStatus.VALIDATING,
                JobStatus.SCHEDULED,
                JobStatus.IN_PROGRESS));
    int passed =
        switch (status) {
          case SUBMITTED -> 0;
          case VALIDATING, FAILED -> status == JobStatus.FAILED ? 2 : 1;
          case SCHEDULED, EXPIRED -> status == JobStatus.EXPIRED ? 3 : 2;
          case IN_PROGRESS -> 3;
          case COMPLETED, PARTIALLY_COMPLETED, STOPPED, STOPPING -> 4;
        };
    List<JobStatus> steps = new ArrayList<>(way.subList(0, passed));
    steps.add(status);
    return steps;
  }
}
