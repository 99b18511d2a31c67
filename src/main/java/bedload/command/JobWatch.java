package bedload.command;

import bedload.ExitCode;
import bedload.job.JobStatus;
import java.time.Duration;

/** Looks at a job until it has ended. */
final class JobWatch {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private JobWatch() {}

  /** Returns the job as it ended. */
  static JobOnWire untilEnd(BatchClient client, String identifier, ProgressLine progress)
      throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      JobOnWire job = client.job(identifier);
      progress.show(
          job.status().wireName(), job.counts(), Duration.ofNanos(System.nanoTime() - start));
      if (job.status().isFinal()) {
        progress.end();
        return job;
      }
      Thread.sleep(PAUSE);
    }
  }

  /** Returns what an ended job means to a script: only a Completed one is a yes. */
  static ExitCode outcome(JobOnWire job) {
    return job.status() == JobStatus.COMPLETED ? ExitCode.OK : ExitCode.NO;
  }
}
