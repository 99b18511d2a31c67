package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.job.JobStatus;
import bedload.job.S3Uri;
import bedload.work.InputCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.AbortedException;

/** Takes a file to its results. */
@Command(
    description =
        "Run a batch job over a file and fetch its results: upload, create, wait, download.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The exit status is 0 if the job is Completed, and 1 if it ended otherwise. Ctrl-C leaves the job running.",
      "",
      "Example:",
      "  bedload run input.jsonl --model amazon.titan-embed-text-v2:0 --output results",
      "",
      "Example: go on after Ctrl-C",
      "  bedload job abcdefghij12 --wait --output results"
    })
final class RunCommand implements Callable<Integer> {
  private static final int LONGEST_STEM = 40;
  private static final String EXTENSION = ".jsonl";

  @Parameters(paramLabel = "FILE", description = "A file of one JSON object a line.")
  private @Nullable Path file;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "The model that answers, by its id.")
  private String model = "";

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where the results go (default: a new folder with the job's name).")
  private @Nullable Path output;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The job's name (default: the file's name and the time).")
  private @Nullable String name;

  @Option(
      names = "--bucket",
      paramLabel = "BUCKET",
      description = "Where input and output lie; made if need be (default: ${DEFAULT-VALUE}).",
      defaultValue = "bedload-run")
  private String bucket = "";

  @Option(
      names = "--role-arn",
      paramLabel = "ARN",
      description =
          "The role in the job's name; bedload does not use it (default: ${DEFAULT-VALUE}).",
      defaultValue = "arn:aws:iam::000000000000:role/bedload")
  private String roleArn = "";

  @Mixin private final JsonOption json = new JsonOption();
  @Mixin private final TargetOption target = new TargetOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /** Empty until the job is created. */
  private volatile String arn = "";

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::run).number();
  }

  private ExitCode run() throws IOException {
    Path input = Objects.requireNonNull(file);
    InputCheck.Report report = ValidateCommand.check(spec, input);
    String whyNot = ValidateCommand.whyNot(report);
    if (!whyNot.isEmpty()) {
      throw new CommandFault(
          ExitCode.NO,
          "%s has %s, so a job over it would fail%s. See: bedload validate %s"
              .formatted(
                  input,
                  whyNot,
                  report.faults().isEmpty() ? "" : ": " + report.faults().getFirst(),
                  input));
    }
    try (BatchClient client = target.client()) {
      return run(client, input, report);
    } catch (InterruptedException | AbortedException e) {
      tellHowToGoOn();
      return ExitCode.INTERRUPTED;
    }
  }

  private void tellHowToGoOn() {
    if (arn.isEmpty()) {
      spec.commandLine().getErr().println("\nNo job was created.");
    } else {
      JobWatch.tellHowToGoOn(spec.commandLine().getErr(), arn);
    }
  }

  private ExitCode run(BatchClient client, Path input, InputCheck.Report report)
      throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    String jobName = name == null ? nameOf(input) : name;
    S3Uri folder = new S3Uri(bucket, jobName + "/");
    S3Uri object = folder.resolve("input/" + objectName(input));
    client.createBucket(bucket);
    try (WaitLine wait =
        WaitLine.of(spec, "Sending " + input, report.sizeBytes(), WaitLine.Unit.BYTES)) {
      client.put(object, input, wait);
    }
    err.println(
        "Put %s (%s) to %s"
            .formatted(
                CountText.of(report.records(), "record"),
                CountText.of(report.sizeBytes(), "byte"),
                object));
    arn =
        client.createJob(
            new BatchClient.NewJob(
                jobName, model, roleArn, object, folder.resolve("output/"), null));
    // Said before the wait: whoever interrupts it finds the job by this.
    err.println("Created " + arn);
    JobOnWire job =
        JobWatch.untilEnd(client, arn, new ProgressLine(err, Terminal.isProgressWatched()));
    tell(client, job, output == null ? Path.of(jobName) : output);
    return JobWatch.outcome(job);
  }

  private void tell(BatchClient client, JobOnWire job, Path results) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (job.status() != JobStatus.COMPLETED) {
      err.println(
          "The job is %s. %s".formatted(job.status().wireName(), Printable.of(job.message())));
    }
    if (job.counts().error() > 0) {
      err.println(
          "%,d records failed; see why with: bedload errors %s"
              .formatted(job.counts().error(), job.id()));
    }
    for (Path path : Download.outputs(client, job, results, spec)) {
      if (!json.isWanted()) {
        out.println(path);
      }
    }
    if (json.isWanted()) {
      JsonOption.write(out, job.document());
    }
  }

  /** Returns the file's name in the letters that the API lets an object's have. */
  private static String objectName(Path file) {
    String name = file.getFileName().toString().replaceAll("[^-!_*'().a-zA-Z0-9]+", "-");
    return name.endsWith(EXTENSION) ? name : name + EXTENSION;
  }

  /** Returns a name in the letters that a job's may have, and that no other job has. */
  private static String nameOf(Path file) {
    String letters =
        file.getFileName()
            .toString()
            .replaceFirst("\\.jsonl$", "")
            .replaceAll("[^A-Za-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    String stem = letters.isEmpty() ? "job" : letters;
    return stem.substring(0, Math.min(LONGEST_STEM, stem.length()))
        + "-"
        + Long.toString(System.currentTimeMillis(), 36);
  }
}
