package bedload.command;

import bedload.ExitCode;
import bedload.job.JobStatus;
import java.io.PrintWriter;
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

  /** Tells whoever cut the wait short that the job goes on without them. */
  static void tellHowToGoOn(PrintWriter err, String arn) {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    err.println();
    err.println("The job goes on. To wait for it again and fetch its results:");
    err.println("  bedload job %s --wait --output results".formatted(id));
    err.println("To end it: bedload stop " + id);
  }

  /** Returns what an ended job means to a script: only a Completed one is a yes. */
  static ExitCode outcome(JobOnWire job) {
    return job.status() == JobStatus.COMPLETED ? ExitCode.OK : ExitCode.NO;
  }
}
