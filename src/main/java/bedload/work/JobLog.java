package bedload.work;

import bedload.job.Job;
import org.slf4j.MDC;

/**
 * What each line that this thread logs is about, until it is closed: {@code job} (its ARN), {@code
 * account}, and {@code shard} where one is run. A log in JSON has them as members, so that all that
 * was said of a job can be found.
 */
final class JobLog implements AutoCloseable {
  private static final String JOB = "job";
  private static final String ACCOUNT = "account";
  private static final String SHARD = "shard";

  private JobLog() {}

  /** Begins to speak of a job. */
  static JobLog of(Job job) {
    MDC.put(JOB, job.arn());
    MDC.put(ACCOUNT, job.account().value());
    return new JobLog();
  }

  /** Begins to speak of a job's shard. */
  static JobLog of(Job job, int shard) {
    JobLog log = of(job);
    MDC.put(SHARD, Integer.toString(shard));
    return log;
  }

  @Override
  public void close() {
    MDC.remove(JOB);
    MDC.remove(ACCOUNT);
    MDC.remove(SHARD);
  }
}
