package bedload.job;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a job stands, in Bedrock's words. A status moves only along {@link #next()}; a final one
 * never moves.
 */
public enum JobStatus {
  /** Accepted; nobody has looked at the input yet. */
  SUBMITTED("Submitted"),
  /** Every line of every input object is being checked. */
  VALIDATING("Validating"),
  /** Checked, cut into shards, waiting for its turn. */
  SCHEDULED("Scheduled"),
  /** The model is being called. */
  IN_PROGRESS("InProgress"),
  /** Every record was attempted, whether or not the model took it. */
  COMPLETED("Completed"),
  /** The timeout came while the job was running; what was done is kept. */
  PARTIALLY_COMPLETED("PartiallyCompleted"),
  /** Something about the job as a whole was wrong; the message says what. */
  FAILED("Failed"),
  /** A user asked for the end; calls are being wound down. */
  STOPPING("Stopping"),
  /** A user's stop is done; what was finished is kept. */
  STOPPED("Stopped"),
  /** The timeout came before the job's turn. */
  EXPIRED("Expired");

  private final String wireName;

  JobStatus(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the name by which the Bedrock API and the catalog call this status. */
  public String wireName() {
    return wireName;
  }

  /** Returns the statuses that may follow this one; empty for a final status, and only for one. */
  public Set<JobStatus> next() {
    return switch (this) {
      case SUBMITTED -> EnumSet.of(VALIDATING, STOPPING, FAILED);
      case VALIDATING -> EnumSet.of(SCHEDULED, STOPPING, FAILED);
      case SCHEDULED -> EnumSet.of(IN_PROGRESS, EXPIRED, STOPPING, FAILED);
      case IN_PROGRESS -> EnumSet.of(COMPLETED, PARTIALLY_COMPLETED, STOPPING, FAILED);
      case STOPPING -> EnumSet.of(STOPPED, FAILED);
      case COMPLETED, PARTIALLY_COMPLETED, FAILED, STOPPED, EXPIRED ->
          EnumSet.noneOf(JobStatus.class);
    };
  }

  /** Says whether a job in this status has ended for good. */
  public boolean isFinal() {
    return next().isEmpty();
  }

  /**
   * Returns the status of a wire name.
   *
   * @throws IllegalArgumentException if no status is called so; the message lists those that exist
   */
  public static JobStatus ofWireName(String wireName) {
    return Arrays.stream(values())
        .filter(status -> status.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No job status is called '%s'; there are %s"
                        .formatted(
                            wireName, Arrays.stream(values()).map(JobStatus::wireName).toList())));
  }
}
