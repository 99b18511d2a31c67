package bedload.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands.
 *
 * @param message why it failed, or what a user should know; null if nothing
 * @param endTime null while it runs, and for a job stopped before it ran
 */
public record Job(
    JobId id,
    AccountId account,
    String region,
    JobSpec spec,
    JobStatus status,
    @Nullable String message,
    Instant submitTime,
    Instant lastModifiedTime,
    @Nullable Instant endTime,
    RecordCounts counts) {

  /** Returns when the job times out. */
  public Instant expirationTime() {
    return submitTime.plus(spec.timeout());
  }

  /** Returns the job's ARN. */
  public String arn() {
    return Arns.job(account, region, id);
  }

  /** Returns the folder below which everything lies that the job writes. */
  public S3Uri outputFolder() {
    return spec.output().uri().resolve(id.value() + "/");
  }
}
