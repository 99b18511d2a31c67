package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.RunningService;
import bedload.job.JobStatus;
import bedload.job.S3Uri;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** A job of small chat records, as the benches run it over a service. */
final class BenchJob {
  /** The model that a bench's settings name. */
  static final String MODEL = "bench.chat";

  private static final String BUCKET = "bedload-bench";

  private BenchJob() {}

  /** Returns the entry of the model map that leads {@link #MODEL} to a server. */
  static String entry(SlotServer server) {
    return "%s=openai-chat@%s#bench".formatted(MODEL, server.url());
  }

  /** Makes a job of so many records and returns its ARN. */
  static String create(BatchClient client, RunningService service, int records) throws IOException {
    Path file = Files.createTempFile("bedload-bench-", ".jsonl");
    try {
      try (Writer lines = Files.newBufferedWriter(file)) {
        for (int i = 0; i < records; i++) {
          lines.write(
              "{\"recordId\":\"r%07d\",\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":\"Record %d\"}]}}\n"
                  .formatted(i, i));
        }
      }
      String name = "bench-" + UUID.randomUUID();
      S3Uri input = new S3Uri(BUCKET, name + "/input.jsonl");
      client.createBucket(BUCKET);
      client.put(input, file);
      return client.createJob(
          new BatchClient.NewJob(
              name,
              MODEL,
              "arn:aws:iam::%s:role/bedload-bench".formatted(service.account()),
              input,
              new S3Uri(BUCKET, name + "/output/"),
              null));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Waits for the job's end.
   *
   * @throws CommandFault if it is not Completed with a success for each record
   */
  static void await(BatchClient client, String arn, int records) throws InterruptedException {
    JobOnWire job =
        JobWatch.untilEnd(
            client, arn, new ProgressLine(new PrintWriter(Writer.nullWriter()), false));
    if (job.status() != JobStatus.COMPLETED || job.counts().success() != records) {
      throw new CommandFault(
          ExitCode.NO,
          "The bench's job is %s with %d of %d records: %s"
              .formatted(job.status().wireName(), job.counts().success(), records, job.message()));
    }
  }
}
