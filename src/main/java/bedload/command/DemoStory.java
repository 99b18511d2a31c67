package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.RunningService;
import bedload.catalog.SqlText;
import bedload.job.JobStatus;
import bedload.job.S3Uri;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One demo, told while it happens. */
final class DemoStory {
  private static final String MODEL = "amazon.titan-embed-text-v2:0";
  private static final S3Uri INPUT = S3Uri.parse("s3://bedload-demo/input/sentences.jsonl");
  private static final S3Uri OUTPUT = S3Uri.parse("s3://bedload-demo/output/");
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int SHORT = 150;

  private final PrintWriter out;
  private final RunningService service;
  private final int records;

  DemoStory(PrintWriter out, RunningService service, int records) {
    this.out = out;
    this.service = service;
    this.records = records;
  }

  void tellStart(Path data, long nanos) {
    tell(
        "The service runs: api %s, s3 %s, data in %s (%.1f s)"
            .formatted(service.api(), service.s3(), data, nanos / 1e9));
  }

  /** Runs the job and tells what came of it. */
  ExitCode run() throws IOException, InterruptedException {
    try (BatchClient client = BatchClient.of(service)) {
      putInput(client);
      String name = "demo-" + Long.toString(System.currentTimeMillis(), 36);
      String role = "arn:aws:iam::%s:role/bedload-demo".formatted(service.account());
      String arn = client.createJob(new BatchClient.NewJob(name, MODEL, role, INPUT, OUTPUT, null));
      tell("Created, with AWS's SDK for Java, the job %s".formatted(arn));
      JobOnWire job = JobWatch.untilEnd(client, arn, new ProgressLine(out, Terminal.isWatched()));
      if (job.status() != JobStatus.COMPLETED) {
        tell("The job is %s: %s".formatted(job.status().wireName(), job.message()));
        return ExitCode.NO;
      }
      ExitCode outcome = tellOutput(client, arn);
      tellCatalog(arn);
      return outcome;
    }
  }

  private void putInput(BatchClient client) throws IOException {
    Path file = Files.createTempFile("bedload-demo-", ".jsonl");
    try {
      DemoInput.write(file, records);
      client.createBucket(INPUT.bucket());
      client.put(INPUT, file);
      tell("Put %,d records (%,d bytes) to %s".formatted(records, Files.size(file), INPUT));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private ExitCode tellOutput(BatchClient client, String arn) throws IOException {
    S3Uri folder = OUTPUT.resolve(arn.substring(arn.lastIndexOf('/') + 1));
    S3Uri output = folder.resolve(INPUT.fileName() + ".out");
    OutputCheck check;
    try (InputStream lines = client.read(output)) {
      check = OutputCheck.of(lines);
    }
    tell(
        "\nOutput: %s, the first two of %,d lines:"
            .formatted(output, check.records() + check.surplus()));
    check.firstLines().forEach(line -> tell("  " + shortened(line)));
    S3Uri manifest = folder.resolve("manifest.json.out");
    try (InputStream content = client.read(manifest)) {
      tell("\nManifest: %s".formatted(manifest));
      tell("  " + new String(content.readAllBytes(), StandardCharsets.UTF_8).strip());
    }
    if (check.isExact(records)) {
      tell(
          "\nEvery one of %,d records has exactly one output line; %,d of them tell an error."
              .formatted(records, check.errors()));
      return ExitCode.OK;
    }
    tell(
        "\nThe output is WRONG: of %,d records %,d have a line, and %,d lines are too many."
            .formatted(records, check.records(), check.surplus()));
    return ExitCode.NO;
  }

  private static String shortened(String line) {
    return line.length() <= SHORT
        ? line
        : "%s… (%,d characters)".formatted(line.substring(0, SHORT), line.length());
  }

  private void tellCatalog(String arn) throws InterruptedException {
    String sql =
        "select * from aws_bedrock_model_invocation_job where job_arn = '%s'".formatted(arn);
    SqlText question = SqlText.of(sql);
    awaitCompletedRow(arn);
    tell("\nCatalog: %s".formatted(sql));
    try (SqlAnswer answer = SqlAnswer.ask(service.jdbcUrl(), question)) {
      new TableFormat(out, 0).write(answer);
    }
  }

  /** The catalog learns of a job's end within a second of it; ten are enough on any machine. */
  private void awaitCompletedRow(String arn) throws InterruptedException {
    SqlText question =
        SqlText.of(
            "select status from aws_bedrock_model_invocation_job where job_arn = '%s' and end_time is not null"
                .formatted(arn));
    for (int i = 0; i < 50; i++) {
      try (SqlAnswer answer = SqlAnswer.ask(service.jdbcUrl(), question)) {
        if (Cells.next(answer).map(DemoStory::isCompleted).orElse(false)) {
          return;
        }
      }
      Thread.sleep(PAUSE);
    }
    throw new CommandFault(
        ExitCode.NO, "The catalog does not show the job as Completed, 10 s after its end.");
  }

  private static boolean isCompleted(List<JsonNode> row) {
    return Cells.text(row.getFirst()).equals(JobStatus.COMPLETED.wireName());
  }

  /**
   * Tells how to do the same by hand.
   *
   * @param data where the data remains; null if it does not
   */
  void tellCommands(@Nullable Path data, boolean keep) {
    String option = data == null ? "" : " --data " + data;
    tell("\nThe same by hand:");
    if (!keep) {
      tell("  ./bedload serve%s &".formatted(option));
    }
    tell("  eval \"$(./bedload env%s)\"".formatted(option));
    tell(
        "  for i in $(seq 200); do echo \"{\\\"modelInput\\\":{\\\"inputText\\\":\\\"sentence $i\\\"}}\"; done >input.jsonl");
    tell("  aws s3 mb s3://my-bucket && aws s3 cp input.jsonl s3://my-bucket/in/");
    tell(
        "  aws bedrock create-model-invocation-job --job-name my-job --model-id %s \\"
            .formatted(MODEL));
    tell("    --role-arn arn:aws:iam::%s:role/any \\".formatted(service.account()));
    tell("    --input-data-config 's3InputDataConfig={s3Uri=s3://my-bucket/in/input.jsonl}' \\");
    tell("    --output-data-config 's3OutputDataConfig={s3Uri=s3://my-bucket/out/}'");
    tell("  aws bedrock list-model-invocation-jobs");
    tell("  aws s3 cp --recursive s3://my-bucket/out/ results/");
    tell(
        "  ./bedload sql%s \"select job_name, status, end_time from aws_bedrock_model_invocation_job\""
            .formatted(option));
    if (keep) {
      tell("\nThe service keeps running; Ctrl-C ends it.");
    }
  }

  private void tell(String text) {
    out.println(text);
  }
}
