package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.RunningService;
import bedload.job.JobStatus;
import bedload.job.S3Uri;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A job of small chat records, as the benches run it over a service. */
final class BenchJob {
  /** The model that a bench's settings name. */
  static final String MODEL = "bench.chat";

  private static final String BUCKET = "bedload-bench";

  private BenchJob() {}

  /** Returns the entry of the model map that leads {@link #MODEL} to a server. */
  static String entry(URI server) {
    return "%s=openai-chat@%s#bench".formatted(MODEL, server);
  }

  /** Returns the options of a node over a database, with {@link #MODEL} at a server. */
  static List<String> options(String databaseUrl, URI server) {
    return List.of("--database-url", databaseUrl, "--model", entry(server));
  }

  /** Makes a job of so many small records and returns its ARN. */
  static String create(BatchClient client, RunningService service, int records) throws IOException {
    return create(client, service, records, 0);
  }

  /**
   * Makes a job of so many records and returns its ARN.
   *
   * @param textBytes as in {@link #write(Path, int, int)}
   */
  static String create(BatchClient client, RunningService service, int records, int textBytes)
      throws IOException {
    Path file = Files.createTempFile("bedload-bench-", ".jsonl");
    try {
      write(file, records, textBytes);
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

  /** Writes the small records of a job to a file. */
  static void write(Path file, int records) throws IOException {
    write(file, records, 0);
  }

  /**
   * Writes the records of a job to a file.
   *
   * @param textBytes of further text in each record
   */
  private static void write(Path file, int records, int textBytes) throws IOException {
    // Quotation marks as in most prose: a single one makes each character of the text take two
    // bytes.
    String text = textBytes == 0 ? "" : " “" + "x".repeat(Math.max(0, textBytes - 4));
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (int i = 0; i < records; i++) {
        lines.write("{\"recordId\":\"r");
        lines.write(Integer.toString(100_000_000 + i), 1, 8);
        lines.write("\",\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":\"Record ");
        lines.write(Integer.toString(i));
        lines.write(text);
        lines.write("\"}]}}\n");
      }
    }
  }

  /**
   * Waits for the job's end and returns the job.
   *
   * @throws CommandFault if it is not Completed with a success for each record
   */
  static JobOnWire await(BatchClient client, String arn, int records) throws InterruptedException {
    JobOnWire job =
        JobWatch.untilEnd(
            client, arn, new ProgressLine(new PrintWriter(Writer.nullWriter()), false));
    requireWhole(job, records);
    return job;
  }

  /** Throws unless an ended job is Completed with a success for each record. */
  static void requireWhole(JobOnWire job, int records) {
    if (job.status() != JobStatus.COMPLETED || job.counts().success() != records) {
      throw new CommandFault(
          ExitCode.NO,
          "The bench's job is %s with %d of %d records: %s"
              .formatted(job.status().wireName(), job.counts().success(), records, job.message()));
    }
  }

  /** Returns how long a job took, from its creation to its end. */
  static double seconds(JobOnWire job) {
    return Duration.between(job.submitTime(), job.endTime().orElseThrow()).toMillis() / 1e3;
  }
}
