package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobSpec;
import bedload.job.JobStatus;
import bedload.job.ModelInvocationType;
import bedload.job.RecordCounts;
import bedload.job.S3Uri;
import bedload.job.VpcConfig;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** How a job is read from its row. */
final class JobRows {
  /**
   * The head of every select of jobs: a job as it stands, its counts summed over its shards while
   * it has any.
   */
  static final String SELECT =
      """
      select job.id, job.account, job.region, job.job_name, job.role_arn, job.model_id, job.invocation_type,
             job.input_uri, job.input_format, job.input_bucket_owner,
             job.output_uri, job.output_encryption_key, job.output_bucket_owner,
             job.client_request_token, job.subnet_ids, job.security_group_ids, job.timeout_seconds,
             job.tag_keys, job.tag_values, job.status, coalesce(done.pause, job.message) as message,
             job.submitted_at, job.changed_at, job.ended_at, job.total,
             coalesce(done.success, job.success) as success,
             coalesce(done.error, job.error) as error
        from ledger.job
        left join lateral (
             select sum(shard.success)::bigint as success, sum(shard.error)::bigint as error,
                    max(shard.pause) as pause
               from ledger.shard
              where shard.job_id = job.id) done on true
      """;

  private JobRows() {}

  static Job map(ResultSet row, StatementContext context) throws SQLException {
    return new Job(
        new JobId(row.getString("id")),
        new AccountId(row.getString("account")),
        row.getString("region"),
        spec(row),
        JobStatus.ofWireName(row.getString("status")),
        row.getString("message"),
        instant(row, "submitted_at"),
        instant(row, "changed_at"),
        instantOrNull(row, "ended_at"),
        new RecordCounts(row.getLong("total"), row.getLong("success"), row.getLong("error")));
  }

  private static JobSpec spec(ResultSet row) throws SQLException {
    return new JobSpec(
        row.getString("job_name"),
        row.getString("role_arn"),
        row.getString("model_id"),
        ModelInvocationType.ofWireName(row.getString("invocation_type")),
        new JobSpec.Input(
            S3Uri.parse(row.getString("input_uri")),
            row.getString("input_format"),
            new AccountId(row.getString("input_bucket_owner"))),
        new JobSpec.Output(
            S3Uri.parse(row.getString("output_uri")),
            row.getString("output_encryption_key"),
            new AccountId(row.getString("output_bucket_owner"))),
        row.getString("client_request_token"),
        vpcConfig(row),
        Duration.ofSeconds(row.getLong("timeout_seconds")),
        tags(row));
  }

  private static @Nullable VpcConfig vpcConfig(ResultSet row) throws SQLException {
    Array subnets = row.getArray("subnet_ids");
    Array groups = row.getArray("security_group_ids");
    return subnets == null || groups == null ? null : new VpcConfig(texts(subnets), texts(groups));
  }

  /** Returns the tags of a row, in the order in which they were given. */
  static Map<String, String> tags(ResultSet row) throws SQLException {
    List<String> keys = texts(row.getArray("tag_keys"));
    List<String> values = texts(row.getArray("tag_values"));
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      tags.put(keys.get(i), values.get(i));
    }
    return tags;
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
